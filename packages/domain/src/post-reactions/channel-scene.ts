import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';

import { accessPosts, type FindReadId } from '../channel-posts/index.ts';
import { type ChannelIds, countUnseen, findComments, findKeptAuthor, findPosts, listUnseen, listUnseenAmong } from '../channel-state/index.ts';
import { type ChannelMemberRow, type ChannelRow, checkRight, findChannelMembers, findChannelRows, isSeen, sightOf, standingIn, withComments } from '../chats/index.ts';
import { hasFlag, MessageFlag, type PostRow } from '../events/index.ts';
import { allowsReactions } from '../groups/index.ts';
import { emptyTotals } from './count-reactions.ts';
import { beginTotalsInChannel } from './post-reaction-store.ts';
import { type Admission, type AdmittedWish, type ReactionScene, type ReactionWish, refusalOr, type SeenPost } from './reaction-scene.ts';

/** What reading the messages of a channel needs. */
interface ChannelSceneDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  findReadId: FindReadId;
}

/** The messages of a supergroup or channel whose rows are in this database. */
export function createChannelScene(deps: ChannelSceneDeps, { channelId, peerId }: ChannelIds): ReactionScene {
  const { db } = deps;
  return {
    peerId,
    accessPostId: (_actorId, msgId) => Promise.resolve(BigInt(msgId)),
    findReadId: (actorId) => deps.findReadId(actorId, channelId),
    admit: (tx, postId, wishes, date) => admit(tx, { channelId, peerId }, { msgId: Number(postId), wishes, date }),
    async access(viewerId, msgIds) {
      const { posts } = await accessPosts(deps, { viewerId, channelId }, msgIds);
      return [...posts.values()].map((row) => seenBy(row, viewerId));
    },
    find: async (viewerId, msgIds) => [...(await findPosts(db.q, channelId, msgIds)).values()].map((row) => seenBy(row, viewerId)),
    listUnseen: (userId, part, limit) => listUnseen(db.q, 'unread_reactions', { userId, channelId, part }, limit),
    listUnseenAmong: (userId, msgIds) => listUnseenAmong(db.q, 'unread_reactions', { userId, channelId }, msgIds),
    countUnseen: (userId, part) => countUnseen(db.q, 'unread_reactions', { userId, channelId, part }),
    carryOver: () => Promise.resolve(),
    async checkTakingBack(tx, actorId, date) {
      const [[row], [member]] = await Promise.all([findChannelRows(tx, [channelId]), findChannelMembers(tx, [{ id: channelId, userId: actorId }])]);
      if (row === undefined) throw rpcError('CHANNEL_INVALID');
      checkRight(standingIn(row, member, date), 'delete_messages');
      // In a broadcast channel nobody may learn who has reacted.
      if (row.kind === 'broadcast') throw rpcError('PEER_ID_INVALID');
    },
  };
}

/** A message of a channel as somebody sees it. Pure. */
export function seenBy(row: PostRow, viewerId: bigint): SeenPost {
  const isBroadcast = hasFlag(row, MessageFlag.post);
  return {
    post: { peerId: row.peer_id, postId: BigInt(row.msg_id) },
    msgId: row.msg_id,
    topId: row.top_id,
    isBroadcast,
    isService: hasFlag(row, MessageFlag.service),
    isAuthor: !isBroadcast && row.poster_id === viewerId,
  };
}

/** Wishes about a message of a channel. */
interface Wished {
  msgId: number;
  wishes: readonly ReactionWish[];
  date: number;
}

async function admit(tx: Tx, { channelId, peerId }: ChannelIds, { msgId, wishes, date }: Wished): Promise<Admission> {
  const [[row], members, posts] = await Promise.all([
    findChannelRows(tx, [channelId]),
    findChannelMembers(tx, wishes.map(({ actorId }) => ({ id: channelId, userId: actorId }))),
    findPosts(tx.q, channelId, [msgId]),
  ]);
  const post = posts.get(msgId);
  const memberOf = new Map(members.map((member) => [member.user_id, member]));
  const checked = await Promise.all(wishes.map((wish) => refusalOr(() => admitOne(tx, { row, date, post, member: memberOf.get(wish.actorId) }, wish))));
  return {
    checked,
    limit: row?.reactions_limit ?? null,
    told: row && post && { row, post },
    async begin() {
      const authorId = row === undefined || post === undefined || row.kind === 'broadcast' || post.poster_id <= 0n ? null : post.poster_id;
      await beginTotalsInChannel(tx, emptyTotals({ peerId, postId: BigInt(msgId) }, authorId), channelId);
    },
  };
}

/** What decides whether somebody may react. */
interface Circumstances {
  row: ChannelRow | undefined;
  date: number;
  post: PostRow | undefined;
  member: ChannelMemberRow | undefined;
}

async function admitOne(tx: Tx, { row, date, post, member }: Circumstances, wish: ReactionWish): Promise<AdmittedWish> {
  if (row === undefined) throw rpcError('CHANNEL_INVALID');
  const { actorId, emoticons, readId } = wish;
  const standing = withComments(standingIn(row, member, date), row, readId);
  if (standing.comments === undefined) checkRight(standing, 'view_messages');
  if (post === undefined || !isSeen(sightOf(row, member), post)) throw rpcError('MESSAGE_ID_INVALID');
  // Whoever may only read comments may react to comments only.
  if (standing.comments !== undefined && (await findComments(tx.q, row, new Map([[post.msg_id, post]]))).size === 0) throw rpcError('MESSAGE_ID_INVALID');
  checkRight(standing, 'send_reactions');
  if (hasFlag(post, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
  if (!allowsReactions(row.available_reactions, emoticons)) throw rpcError('REACTION_INVALID');
  const authorId = await findKeptAuthor(tx, { userId: actorId, standing, row, peerId: post.peer_id, nowDate: date }, member?.send_as ?? null);
  if (authorId === undefined) throw rpcError('SEND_AS_PEER_INVALID');
  // Nobody sees who reacts to the posts of a broadcast channel.
  return { wish, seen: seenBy(post, actorId), asId: row.kind === 'broadcast' || authorId === actorId ? null : authorId };
}
