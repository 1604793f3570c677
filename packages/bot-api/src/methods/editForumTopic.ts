import { accessTopic, changeTopic } from '../chats/forum.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readId64 } from '../params/id64.ts';

export const editForumTopic = defineBotMethod({
  method: 'editForumTopic',
  params: ['chat_id', 'message_thread_id', 'name', 'icon_custom_emoji_id'],
  async run(call, params) {
    const topic = await accessTopic(call, params);
    const title = params.text('name') || undefined;
    // An empty text takes the emoji away.
    const icon_emoji_id = params.isGiven('icon_custom_emoji_id') ? (readId64(params, 'icon_custom_emoji_id') ?? 0n) : undefined;
    return (title === undefined && icon_emoji_id === undefined) || changeTopic(call, topic, { title, icon_emoji_id });
  },
});
