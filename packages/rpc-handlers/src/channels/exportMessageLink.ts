import { markPeer } from '@aerogram/cluster';
import { copiedPostOf, isForum, ME_URL_PREFIX, type PostRow, topicOf, unpackMessageExtra } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessCommentedChannel } from './channel-call.ts';

/**
 * The link to a message: by public username if the channel has one, otherwise by id, which works for members only. With `thread` it shows the message in its topic or
 * its thread of replies; a comment is shown below its post in the channel, where those find it who are not in the group.
 */
export const exportMessageLink = defineMethod({
  method: 'channels.exportMessageLink',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { channelId, row } = await accessCommentedChannel(ctx, req.channel);
    const { posts } = ctx.domain.channels.at(channelId);
    const post = (await posts.find(ctx.userId, [req.id])).get(req.id);
    if (post === undefined) throw rpcError('MESSAGE_ID_INVALID');
    const rootId = req.thread === true && !isForum(row) ? post.top_id : null;
    const root = rootId === null ? undefined : (await posts.find(ctx.userId, [rootId])).get(rootId);
    const source = root && copiedPostOf(root);
    if (source !== undefined && source.channelId === row.linked_chat_id) {
      return { _: 'exportedMessageLink', link: `${ME_URL_PREFIX}${await placeOf(ctx, source.channelId)}/${source.postId}?comment=${post.msg_id}`, html: '' };
    }
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

/** How links name a channel that the caller may read. */
async function placeOf(ctx: RpcContext, channelId: bigint): Promise<string> {
  const [channel] = await ctx.domain.chats.projectChats(ctx.userId, [markPeer({ _: 'peerChannel', channel_id: channelId })]);
  return channel?._ === 'channel' && channel.username !== undefined ? channel.username : `c/${channelId}`;
}
