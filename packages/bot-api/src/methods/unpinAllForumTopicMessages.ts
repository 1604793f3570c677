import { accessTopic } from '../chats/forum.ts';
import { unpinAll } from '../chats/pins.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const unpinAllForumTopicMessages = defineBotMethod({
  method: 'unpinAllForumTopicMessages',
  params: ['chat_id', 'message_thread_id'],
  async run(call, params) {
    const { forum, topicId } = await accessTopic(call, params);
    return unpinAll(call, forum.peer, topicId);
  },
});
