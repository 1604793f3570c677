import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessForum, answerTopics, findForumPts } from './topic-call.ts';

export const getForumTopicsByID = defineMethod({
  method: 'messages.getForumTopicsByID',
  access: ['user', 'bot'],
  cost: 2,
  limits: { vectors: { topics: 100 } },
  repeat: 'read',
  async handler(ctx, { peer: input, topics: ids }) {
    if (ids.length === 0) throw rpcError('TOPICS_EMPTY');
    const { peer, topics } = await accessForum(ctx, input);
    const pts = await findForumPts(ctx, peer);
    const { topics: found } = await topics.list({ viewerId: ctx.userId, topicIds: ids, limit: ids.length });
    const known = new Set(found.map((topic) => topic.topic_id));
    const missing = [...new Set(ids)].filter((id) => !known.has(id));
    return answerTopics(ctx, peer, { topics: found, pts, count: known.size + missing.length }, missing);
  },
});
