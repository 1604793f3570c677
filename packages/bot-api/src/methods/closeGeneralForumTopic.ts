import { accessGeneral, changeTopic } from '../chats/forum.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const closeGeneralForumTopic = defineBotMethod({
  method: 'closeGeneralForumTopic',
  params: ['chat_id'],
  run: async (call, params) => changeTopic(call, await accessGeneral(call, params), { closed: true }),
});
