import { accessReactor, REACTOR_PARAMS, TAKE_BACK_ERRORS } from '../chats/take-reactions-back.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readMessageId } from '../params/message-ids.ts';
import { renameErrors } from '../rename-errors.ts';

/** Takes back what somebody has given to one message. */
export const deleteMessageReaction = defineBotMethod({
  method: 'deleteMessageReaction',
  params: [...REACTOR_PARAMS, 'message_id'],
  async run(call, params) {
    const msg_id = readMessageId(params);
    await renameErrors(call.invoke({ _: 'messages.deleteParticipantReaction', ...(await accessReactor(call, params)), msg_id }), TAKE_BACK_ERRORS);
    return true;
  },
});
