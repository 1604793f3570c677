import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { accessForum, CREATE_TOPIC_ERRORS } from '../chats/forum.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { projectTopic } from '../objects/index.ts';
import { readId64 } from '../params/id64.ts';
import { renameErrors } from '../rename-errors.ts';
import { messagesOf } from '../sending/sent-messages.ts';

const COLOR_MAX = 0xffffff;

export const createForumTopic = defineBotMethod({
  method: 'createForumTopic',
  params: ['chat_id', 'name', 'icon_color', 'icon_custom_emoji_id'],
  async run(call, params) {
    const { peer } = await accessForum(call, params);
    const color = params.int('icon_color', -1);
    if (color < -1 || color > COLOR_MAX) throw badRequest('invalid icon color specified');
    const request: tl.messages.createForumTopic = {
      _: 'messages.createForumTopic',
      peer,
      title: params.text('name'),
      icon_color: color === -1 ? undefined : color,
      icon_emoji_id: readId64(params, 'icon_custom_emoji_id'),
      random_id: call.random.int63(),
    };
    const answer = await renameErrors(call.invoke(request), CREATE_TOPIC_ERRORS);
    for (const message of messagesOf(answer).messages) {
      if (message._ === 'messageService' && message.action._ === 'messageActionTopicCreate') return { message_thread_id: message.id, ...projectTopic(message.action) };
    }
    throw new Error('the answer of a call that creates a topic does not name it');
  },
});
