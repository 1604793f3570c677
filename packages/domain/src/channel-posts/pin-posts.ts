import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import type { HistoryAffected } from '../messages/index.ts';
import { type Acting, type ChannelChange, findPosts, findShownPosts, hiddenFromActor, listPinnedIds, savePinned, type ThreadPart, topicOf } from '../channel-state/index.ts';

/** Maximum number of messages unpinned by one call; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** A message to pin or to unpin. */
export interface PostPinning extends Acting {
  msgId: number;
  pinned: boolean;
  /** The service message notifies nobody. */
  silent: boolean;
}

/**
 * Pins or unpins a message. A pin is announced by a service message. A message that is already in that state is left as it is.
 * @throws RpcError 400 MESSAGE_ID_INVALID, CHAT_ADMIN_REQUIRED
 */
export async function pinPost(channel: ChannelChange, { actorId, msgId, pinned, silent }: PostPinning): Promise<tl.Update[]> {
  channel.check('pin_messages');
  const post = (await findShownPosts(channel, { actorId }, [msgId])).get(msgId);
  if (post === undefined || hasFlag(post, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
  if (hasFlag(post, MessageFlag.pinned) === pinned) return [];
  const update = await markPinned(channel, [post], pinned);
  if (pinned) await channel.say({ _: 'messageActionPinMessage' }, { replyTo: msgId, topicId: topicOf(post), silent });
  return [update];
}

/**
 * Unpins all messages that the actor can see, in slices. A repeat finds none: its `ptsCount` is 0.
 * @param part only those of this topic or thread; undefined: of the whole channel
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED
 */
export async function unpinAllPosts(channel: ChannelChange, acting: Acting, part: ThreadPart | undefined): Promise<HistoryAffected> {
  channel.check('pin_messages');
  const found = await listPinnedIds(channel.tx.q, channel.row.channel_id, { limit: SLICE + 1, after: hiddenFromActor(channel, acting), part });
  const slice = found.slice(0, SLICE);
  if (slice.length === 0) return { pts: channel.view.pts, ptsCount: 0, offset: 0 };
  const posts = await findPosts(channel.tx.q, channel.row.channel_id, slice);
  const { pts } = await markPinned(channel, [...posts.values()], false);
  return { pts, ptsCount: slice.length, offset: found.length > SLICE ? 1 : 0 };
}

async function markPinned(channel: ChannelChange, posts: readonly PostRow[], pinned: boolean): Promise<tl.updatePinnedChannelMessages> {
  const { channel_id } = channel.row;
  const messages = posts.map((post) => post.msg_id);
  await savePinned(channel.tx, channel_id, messages, pinned);
  // In the admin log, clients tell pinning from unpinning by the flag of the message.
  for (const post of posts) channel.note({ kind: 'pin', post: { ...post, flags: pinned ? post.flags | MessageFlag.pinned : post.flags & ~MessageFlag.pinned } });
  const pts_count = messages.length;
  return channel.add(pts_count, (pts) => ({ _: 'updatePinnedChannelMessages', pinned: pinned ? true : undefined, channel_id, messages, pts, pts_count }));
}
