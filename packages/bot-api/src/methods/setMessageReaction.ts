import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { findMessageId } from '../params/message-ids.ts';
import { readReactions } from '../params/reactions.ts';
import { renameErrors } from '../rename-errors.ts';

export const setMessageReaction = defineBotMethod({
  method: 'setMessageReaction',
  params: ['chat_id', 'message_id', 'reaction', 'is_big'],
  async run(call, params) {
    const reaction = readReactions(params);
    const peer = await readChat(call, params, 'chat_id');
    const request = { _: 'messages.sendReaction', ...(params.bool('is_big') && { big: true }), peer, msg_id: findMessageId(params, 'message_id'), reaction } as const;
    await renameErrors(call.invoke(request), { MESSAGE_ID_INVALID: 'message to react not found' });
    return true;
  },
});
