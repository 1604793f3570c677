import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { renameErrors } from '../rename-errors.ts';
import { hasMedia, withMedia } from '../sending/poll-media.ts';
import { POLL_ERRORS, POLL_PARAMS, readPoll } from '../sending/read-poll.ts';
import { CONTENT_PARAMS, sendMessageOf } from '../sending/send-content.ts';

export const sendPoll = defineBotMethod({
  method: 'sendPoll',
  params: [...CONTENT_PARAMS, ...POLL_PARAMS],
  sends: () => 1,
  async run(call, params) {
    const { input, media, description } = readPoll(params);
    if (!hasMedia(media)) return renameErrors(sendMessageOf(call, params, { ...description, media: input }), POLL_ERRORS);
    const filled = await withMedia(call, input, media, await readChat(call, params, 'chat_id'));
    return renameErrors(sendMessageOf(call, params, { ...description, media: filled }), { ...POLL_ERRORS, MEDIA_INVALID: 'wrong poll media, open period or close date specified' });
  },
});
