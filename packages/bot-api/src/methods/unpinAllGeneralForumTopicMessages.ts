import { accessGeneral } from '../chats/forum.ts';
import { unpinAll } from '../chats/pins.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const unpinAllGeneralForumTopicMessages = defineBotMethod({
  method: 'unpinAllGeneralForumTopicMessages',
  params: ['chat_id'],
  async run(call, params) {
    const { forum, topicId } = await accessGeneral(call, params);
    return unpinAll(call, forum.peer, topicId);
  },
});
