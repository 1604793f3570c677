import type { Tx } from '@aerogram/storage';

import { findChannelMembers, findChannelRows, findChannelView, hiddenUpTo } from '../chats/index.ts';
import { type BoxWriter, hasFlag, MessageFlag, type OpenBoxes, type PostRow } from '../events/index.ts';
import { dropUnread } from '../messages/index.ts';
import { groupBy } from '../shared/index.ts';
import { type Acting, type ChannelIds, findPosts, findUnseen, insertHeard, isPlayable, keepMembers, listUnseen, type ThreadPart } from '../channel-state/index.ts';

/** Maximum number of mentions that one call marks as seen; the client calls again while `offset` is not 0. */
const SLICE = 500;

/** What the caller learns when mentions were marked as seen. */
export interface MentionsRead {
  /** Of the channel, which does not change. */
  pts: number;
  /** Not 0 if mentions remain and the client must call again. */
  offset: number;
}

/** What a member sees and plays in a channel. */
interface Seen {
  /** Messages that mention the member, who has not seen them. */
  mentions: number[];
  /** Messages that the member plays, or that mention the member and can be played. */
  played: PostRow[];
  /** The topic or thread of all these messages, if the member named it. */
  part?: ThreadPart | undefined;
}

/**
 * Marks these messages of a channel as seen by a user whom they mention, and as played. The author of a message learns that it was played for the first time.
 * Others are left out, so a repeat does nothing.
 */
export function doReadPostContents(deps: Pick<BoxWriter, 'writeFoundBoxes'>, ids: ChannelIds, acting: Acting, msgIds: readonly number[]): Promise<void> {
  const find = async (tx: Tx): Promise<Seen> => {
    const unseen = await findUnseen(tx.q, acting.actorId, msgIds.map((msgId) => ({ peer_id: ids.peerId, msg_id: msgId })));
    return { mentions: unseen.map((row) => row.msg_id), played: await listPlayed(tx, ids, acting.actorId, msgIds) };
  };
  return deps.writeFoundBoxes('read-post-contents', { find, ownersOf: (seen) => listOwners(acting, seen) }, (tx, boxes, date, seen) => markSeen({ tx, boxes, date }, ids, acting, seen));
}

/**
 * Marks the mentions of a user in a channel as seen, newest first, and these messages as played. A repeat does nothing.
 * @param part only those in this topic or thread; undefined: in the whole channel
 */
export function doReadPostMentions(deps: Pick<BoxWriter, 'writeFoundBoxes'>, ids: ChannelIds, acting: Acting, part: ThreadPart | undefined): Promise<MentionsRead> {
  const { actorId } = acting;
  const find = async (tx: Tx): Promise<Seen & { more: boolean }> => {
    const unseen = await listUnseen(tx.q, 'unread_mentions', { userId: actorId, channelId: ids.channelId, part }, SLICE + 1);
    const mentions = unseen.slice(0, SLICE);
    return { mentions, part, played: await listPlayed(tx, ids, actorId, mentions), more: unseen.length > SLICE };
  };
  return deps.writeFoundBoxes('read-post-mentions', { find, ownersOf: (seen) => listOwners(acting, seen) }, async (tx, boxes, date, seen) => {
    const view = await findChannelView(tx, actorId, ids.channelId);
    await markSeen({ tx, boxes, date }, ids, acting, seen);
    return { pts: view?.pts ?? 1, offset: seen.more ? 1 : 0 };
  });
}

function listOwners({ actorId }: Acting, { played }: Seen): bigint[] {
  return [actorId, ...played.map((row) => row.poster_id)];
}

/** The messages of others that a member plays. Those that are hidden from the member, or that anybody who is no member plays, are left out. */
async function listPlayed(tx: Tx, { channelId }: ChannelIds, actorId: bigint, msgIds: readonly number[]): Promise<PostRow[]> {
  if (msgIds.length === 0) return [];
  const posts = [...(await findPosts(tx.q, channelId, msgIds)).values()].filter((row) => hasFlag(row, MessageFlag.mediaUnread) && row.poster_id !== actorId);
  if (posts.length === 0) return [];
  const [[row], [member]] = await Promise.all([findChannelRows(tx, [channelId]), findChannelMembers(tx, [{ id: channelId, userId: actorId }])]);
  if (row === undefined || member?.status !== 'member') return [];
  const hidden = hiddenUpTo(row, member);
  return posts.filter((post) => post.msg_id > hidden);
}

/** Records what was seen and played, and tells the other devices of the user and the authors, also those that are away. */
async function markSeen({ tx, boxes, date }: OpenBoxes, { channelId, peerId }: ChannelIds, { actorId, origin }: Acting, { mentions, played, part }: Seen): Promise<void> {
  await dropUnread(tx, 'unread_mentions', mentions.map((msgId) => ({ owner_id: actorId, peer_id: peerId, msg_id: msgId })));
  const authors = await keepMembers(tx, channelId, played.map((row) => row.poster_id));
  const fresh = played.filter((row) => isPlayable(row, date));
  const told = fresh.filter((row) => authors.includes(row.poster_id));
  const heard = await insertHeard(tx, channelId, [...fresh.map(({ msg_id: msgId }) => ({ msgId, userId: actorId })), ...told.map((row) => ({ msgId: row.msg_id, userId: row.poster_id }))], date);
  const byUser = groupBy(heard, ({ userId }) => userId);
  if (mentions.length > 0 && !byUser.has(actorId)) byUser.set(actorId, []);
  for (const [userId, ofUser] of byUser) {
    const own = userId === actorId ? mentions : [];
    const messages = [...new Set([...own, ...ofUser.map(({ msgId }) => msgId)])];
    boxes.addLoose(userId, date, userId === actorId ? origin : undefined, [{ _: 'updateChannelReadMessagesContents', channel_id: channelId, top_msg_id: part?.topId, messages }]);
  }
}
