import { defineBotMethod } from '../define-bot-method.ts';
import { renameErrors } from '../rename-errors.ts';
import { POLL_ERRORS, POLL_PARAMS, readPoll } from '../sending/read-poll.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

export const sendPoll = defineBotMethod({
  method: 'sendPoll',
  params: [...CONTENT_PARAMS, ...POLL_PARAMS],
  sends: () => 1,
  async run(call, params) {
    const { media, description } = readPoll(params);
    return renameErrors(sendMessageOf(call, params, { ...description, media }), POLL_ERRORS);
  },
});
