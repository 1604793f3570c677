import { accessReactor, REACTOR_PARAMS, TAKE_BACK_ERRORS } from '../chats/take-reactions-back.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { renameErrors } from '../rename-errors.ts';

/** Takes back all that somebody has given in a group. */
export const deleteAllMessageReactions = defineBotMethod({
  method: 'deleteAllMessageReactions',
  params: REACTOR_PARAMS,
  async run(call, params) {
    await renameErrors(call.invoke({ _: 'messages.deleteParticipantReactions', ...(await accessReactor(call, params)) }), TAKE_BACK_ERRORS);
    return true;
  },
});
