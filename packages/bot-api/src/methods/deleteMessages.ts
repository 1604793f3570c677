import { defineBotMethod } from '../define-bot-method.ts';
import { readChat } from '../params/chat-id.ts';
import { readMessageIds } from '../params/message-ids.ts';
import { deleteOf } from '../sending/delete-messages.ts';

/** Messages that do not exist are skipped. */
export const deleteMessages = defineBotMethod({
  method: 'deleteMessages',
  params: ['chat_id', 'message_ids'],
  async run(call, params) {
    const ids = readMessageIds(params);
    await deleteOf(call, await readChat(call, params, 'chat_id'), ids);
    return true;
  },
});
