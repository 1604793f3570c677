import { defineMethod } from '@aerogram/rpc';

import { accessForum, answerTopics } from './topic-call.ts';

export const getForumTopics = defineMethod({
  method: 'messages.getForumTopics',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { q: 256 } },
  repeat: 'read',
  async handler(ctx, { peer: input, q = '', offset_id: msgId, offset_topic: topicId, limit }) {
    const { peer, topics } = await accessForum(ctx, input);
    const after = topicId === 0 ? undefined : { topicId, msgId };
    return answerTopics(ctx, peer, await topics.list({ viewerId: ctx.userId, title: q.trim(), after, limit }));
  },
});
