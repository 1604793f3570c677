import type { ResolvedChannel, TopicOffset } from '@aerogram/domain';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessForum, answerTopics, findForumPts } from './topic-call.ts';

export const getForumTopics = defineMethod({
  method: 'messages.getForumTopics',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { q: 256 } },
  repeat: 'read',
  async handler(ctx, req) {
    const { peer, topics } = await accessForum(ctx, req.peer);
    const [pts, after] = await Promise.all([findForumPts(ctx, peer), findOffset(ctx, peer, req)]);
    return answerTopics(ctx, peer, { pts, ...(await topics.list({ viewerId: ctx.userId, title: (req.q ?? '').trim(), after, limit: req.limit })) });
  },
});

/** Where the page before ended; undefined for the first page. Without a topic, the page has topics whose newest messages are older than the offset. */
async function findOffset(ctx: RpcContext, { channelId }: ResolvedChannel, { offset_topic: topicId, offset_id: msgId, offset_date: offsetDate }: tl.messages.getForumTopics): Promise<TopicOffset | undefined> {
  if (topicId > 0 || msgId > 0) return { topicId: Math.max(0, topicId), msgId };
  if (offsetDate <= 0) return undefined;
  const window = { offsetId: 0, offsetDate, addOffset: 0, limit: 1, maxId: 0, minId: 0 };
  const [newest] = await ctx.domain.channels.at(channelId).posts.listHistory(ctx.userId, window);
  return { topicId: 0, msgId: (newest?.msg_id ?? 0) + 1 };
}
