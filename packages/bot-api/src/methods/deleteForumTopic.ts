import { accessTopic, DELETE_TOPIC_ERRORS } from '../chats/forum.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { renameErrors } from '../rename-errors.ts';

/** Maximum number of calls for one request: each deletes many messages. Nobody can write in the topic after the first one. */
const CALLS_MAX = 100;

export const deleteForumTopic = defineBotMethod({
  method: 'deleteForumTopic',
  params: ['chat_id', 'message_thread_id'],
  async run(call, params) {
    const { forum: { peer }, topicId } = await accessTopic(call, params);
    for (let calls = 0; calls < CALLS_MAX; calls++) {
      const { offset } = await renameErrors(call.invoke({ _: 'messages.deleteTopicHistory', peer, top_msg_id: topicId }), DELETE_TOPIC_ERRORS);
      if (offset === 0) break;
    }
    return true;
  },
});
