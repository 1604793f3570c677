import { accessGeneral, changeTopic } from '../chats/forum.ts';
import { defineBotMethod } from '../define-bot-method.ts';

export const editGeneralForumTopic = defineBotMethod({
  method: 'editGeneralForumTopic',
  params: ['chat_id', 'name'],
  async run(call, params) {
    const topic = await accessGeneral(call, params);
    // As with the official server, no name is no change.
    return params.text('name') === '' || changeTopic(call, topic, { title: params.text('name') });
  },
});
