import { badRequest } from '../bot-error.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { readMessageId } from '../params/message-ids.ts';
import { deleteOf } from '../sending/delete-messages.ts';

export const deleteMessage = defineBotMethod({
  method: 'deleteMessage',
  params: ['chat_id', 'message_id'],
  async run(call, params) {
    const chat = await readChat(call, params, 'chat_id');
    const count = await deleteOf(call, chat, [readMessageId(params)]);
    if (count === 0) throw badRequest('message to delete not found');
    return true;
  },
});
