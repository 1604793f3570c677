import { isForum, ME_URL_PREFIX, type PostRow, topicOf, unpackMessageExtra } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessChannel } from './channel-call.ts';

/**
 * The link to a message: by public username if the channel has one, otherwise by id, which works for members only. With `thread` it shows the message in its topic or
 * its thread of replies.
 */
export const exportMessageLink = defineMethod({
  method: 'channels.exportMessageLink',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { channelId, row } = await accessChannel(ctx, req.channel);
    const post = (await ctx.domain.channels.at(channelId).posts.find(ctx.userId, [req.id])).get(req.id);
    if (post === undefined) throw rpcError('MESSAGE_ID_INVALID');
    const place = row.username === null ? `c/${channelId}` : row.username;
    const topic = req.thread === true && isForum(row) ? `/${topicOf(post)}` : '';
    return { _: 'exportedMessageLink', link: `${ME_URL_PREFIX}${place}${topic}/${post.msg_id}${queryOf(post, isForum(row), req)}`, html: '' };
  },
});

/** What a link says besides the place of the message. Pure. */
function queryOf(post: PostRow, isOfForum: boolean, { thread, grouped }: tl.channels.exportMessageLink): string {
  const parts: string[] = [];
  if (thread === true && !isOfForum && post.top_id !== null) parts.push(`thread=${post.top_id}`);
  // Without it, the link shows the whole album.
  if (grouped !== true && unpackMessageExtra(post.extra).groupedId !== undefined) parts.push('single');
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
