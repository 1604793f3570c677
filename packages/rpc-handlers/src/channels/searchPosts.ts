import { isMarkedChannel } from '@aerogram/cluster';
import { cutToBytes, markedOffsetPeer, type WidePlace } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Maximum length of a hashtag in bytes. */
const TAG_BYTES = 256;

/**
 * Searches the posts of public channels, newest first. The next page starts after the last post of the one before, with its date as the rate.
 * The answer to an empty query has no posts: clients ask for it when the tab of posts opens, and ask again at once after an error.
 */
export const searchPosts = defineMethod({
  method: 'channels.searchPosts',
  access: 'user',
  cost: 10,
  limits: { strings: { hashtag: TAG_BYTES } },
  quotas: ['publicSearches'],
  repeat: 'read',
  async handler(ctx, req): Promise<tl.messages.messagesSlice> {
    const { publicPosts, channels } = ctx.domain;
    const { hashtag, query = '' } = req;
    const isTag = hashtag !== undefined;
    if (isTag && !/^[#$]?[^\s#$]+$/u.test(hashtag)) throw rpcError('HASHTAG_INVALID');
    const text = isTag && !/^[#$]/.test(hashtag) ? `#${hashtag}` : (hashtag ?? query);
    const found = await publicPosts.search({ viewerId: ctx.userId, text, isTag, limit: req.limit, after: lastPlace(ctx.userId, req) });
    const rows = cutToBytes(found.rows, 0);
    return {
      _: 'messages.messagesSlice',
      inexact: found.inexact,
      count: Math.max(found.count, rows.length),
      next_rate: rows.at(-1)?.date,
      search_flood: isTag ? undefined : publicPosts.projectQuota(ctx.userId, query),
      ...(await channels.project(ctx.userId, rows)),
    };
  },
});

/** The last post of the page before; undefined for the first page. */
function lastPlace(userId: bigint, { offset_peer, offset_id: msgId, offset_rate: date }: tl.channels.searchPosts): WidePlace | undefined {
  if (msgId <= 0) return undefined;
  const owner = markedOffsetPeer(userId, offset_peer);
  return owner !== undefined && isMarkedChannel(owner) ? { owner, msgId, date } : undefined;
}
