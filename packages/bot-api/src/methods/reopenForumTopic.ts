import { accessTopic, changeTopic } from '../chats/forum.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const reopenForumTopic = defineBotMethod({
  method: 'reopenForumTopic',
  params: ['chat_id', 'message_thread_id'],
  run: async (call, params) => changeTopic(call, await accessTopic(call, params), { closed: false }),
});
