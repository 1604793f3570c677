import { rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';

import { checkRight, findChatMembers, findChatRows, standingIn } from '../chats/index.ts';
import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import { allowsReactions } from '../groups/index.ts';
import { chatIdOf, countUnread, findCopies, findMessage, findMessages, listUnread, listUnreadAmong } from '../messages/index.ts';
import { earlierReactions } from './earlier-reactions.ts';
import { beginTotalsInGroup } from './post-reaction-store.ts';
import { type Admission, type AdmittedWish, type ReactionScene, type ReactionWish, refusalOr, type SeenPost } from './reaction-scene.ts';

/** The messages of a basic group whose rows are in this database. Each member has a copy of a message. @param peerId marked */
export function createGroupScene({ db, now }: { db: Pick<Database, 'q' | 'run'>; now: () => number }, peerId: bigint): ReactionScene {
  const id = chatIdOf(peerId);

  /** @throws RpcError 400 CHAT_ID_INVALID for those who never were in the group, 403 CHAT_WRITE_FORBIDDEN for those who are not any more */
  const checkMember = async (userId: bigint): Promise<void> => {
    const [[row], [member]] = await Promise.all([findChatRows(db, [id]), findChatMembers(db, [{ id, userId }])]);
    if (row === undefined || member === undefined) throw rpcError('CHAT_ID_INVALID');
    if (member.status !== 'member') checkRight(standingIn(row, member, now()), 'view_members');
  };

  const find = async (viewerId: bigint, msgIds: readonly number[]): Promise<SeenPost[]> =>
    [...(await findMessages(db.q, viewerId, msgIds)).values()].filter((row) => row.peer_id === peerId).map(seenInGroup);

  return {
    peerId,
    async accessPostId(actorId, msgId) {
      const own = await findMessage(db.q, actorId, msgId);
      if (own === undefined || own.peer_id !== peerId) throw rpcError('MESSAGE_ID_INVALID');
      return own.global_id;
    },
    findReadId: () => Promise.resolve(undefined),
    admit: (tx, postId, wishes, date) => admit(tx, peerId, { postId, wishes, date }),
    async access(viewerId, msgIds) {
      await checkMember(viewerId);
      return find(viewerId, msgIds);
    },
    find,
    listUnseen: (owner, _part, limit) => listUnread(db.q, 'unread_reactions', { owner, peerId, limit }),
    async listUnseenAmong(userId, msgIds) {
      const unread = await listUnreadAmong(db.q, 'unread_reactions', userId, msgIds);
      return unread.filter((row) => row.peer_id === peerId).map((row) => row.msg_id);
    },
    countUnseen: async (userId) => (await countUnread(db.q, 'unread_reactions', userId, [peerId])).get(peerId) ?? 0,
    async carryOver(tx, userId, postIds) {
      for (const row of await findCopies(tx.q, [userId], postIds)) await beginOf(tx, row, [userId]);
    },
    async checkTakingBack(tx, actorId, date) {
      const [[row], [member]] = await Promise.all([findChatRows(tx, [id]), findChatMembers(tx, [{ id, userId: actorId }])]);
      if (row === undefined) throw rpcError('CHAT_ID_INVALID');
      checkRight(standingIn(row, member, date), 'delete_messages');
    },
  };
}

/** A copy of a message of a basic group as its owner sees it. Pure. */
export function seenInGroup(row: MessageRow): SeenPost {
  return {
    post: { peerId: row.peer_id, postId: row.global_id },
    msgId: row.msg_id,
    topId: null,
    isBroadcast: false,
    isService: hasFlag(row, MessageFlag.service),
    isAuthor: row.from_id === row.owner_id,
    earlier: unpackMessageExtra(row.extra).reactions,
  };
}

/** Wishes about a message of a basic group. */
interface Wished {
  postId: bigint;
  wishes: readonly ReactionWish[];
  date: number;
}

async function admit(tx: Tx, peerId: bigint, { postId, wishes, date }: Wished): Promise<Admission> {
  const id = chatIdOf(peerId);
  const actorIds = wishes.map(({ actorId }) => actorId);
  const [[chat], members, copies] = await Promise.all([findChatRows(tx, [id]), findChatMembers(tx, actorIds.map((userId) => ({ id, userId }))), findCopies(tx.q, actorIds, [postId])]);
  const checked = await Promise.all(
    wishes.map((wish) =>
      refusalOr((): AdmittedWish => {
        if (chat === undefined) throw rpcError('CHAT_ID_INVALID');
        const { actorId, emoticons } = wish;
        checkRight(standingIn(chat, members.find((member) => member.user_id === actorId), date), 'send_reactions');
        const own = copies.find((row) => row.owner_id === actorId);
        if (own === undefined || own.peer_id !== peerId || hasFlag(own, MessageFlag.service)) throw rpcError('MESSAGE_ID_INVALID');
        if (!allowsReactions(chat.available_reactions, emoticons)) throw rpcError('REACTION_INVALID');
        return { wish, seen: seenInGroup(own), asId: null };
      }),
    ),
  );
  return {
    checked,
    limit: chat?.reactions_limit ?? null,
    told: chat && { chat, postId },
    async begin() {
      if (copies[0] !== undefined) await beginOf(tx, copies[0], actorIds);
    },
  };
}

/** Begins the totals of a message with what was given to it before reactions were rows. @param holders members of whose copies one at least has to be there */
async function beginOf(tx: Tx, copy: MessageRow, holders: readonly bigint[]): Promise<void> {
  const [authors] = await findCopies(tx.q, [copy.from_id], [copy.global_id]);
  const { totals, given } = earlierReactions(copy, authors);
  await beginTotalsInGroup(tx, totals, given, holders);
}
