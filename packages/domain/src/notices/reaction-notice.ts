import { isMarkedChannel, isMarkedUser, markPeer } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { reactionOfKey } from '../documents/index.ts';
import { hasFlag, type MessagePlace, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { listNewsOf } from '../post-reactions/index.ts';
import type { Relations } from '../relations/index.ts';
import { listAt } from '../search/index.ts';
import { groupBy } from '../shared/index.ts';
import type { DecideDeps } from './decide-deps.ts';
import { NOTICE_MAX_AGE_S } from './decide-notice.ts';
import type { Decided } from './decide-notices.ts';
import { scopeOf } from './judge-message.ts';
import { type ChatFacts, insertDeviceNotices, listChatFacts } from './notice-store.ts';
import { firstDue, tellDevices } from './tell-devices.ts';

/** Stands for a custom emoji, which a notice cannot show. */
const CUSTOM = '✨';

/** A reaction of somebody else that the author of a message has not seen. */
interface UnseenReaction {
  /** Marked: a person, or the chat in whose name somebody has reacted. */
  reactorId: bigint;
  emoji: string;
  date: number;
}

/** A reaction as a notice names it. Pure. */
const emojiOf = (reaction: tl.Reaction): string => (reaction._ === 'reactionEmoji' ? reaction.emoticon : CUSTOM);

/** The newest reaction to a message of a private chat that its owner has not seen; undefined if there is none. Pure. */
function newestUnseen(row: MessageRow): UnseenReaction | undefined {
  if (!hasFlag(row, MessageFlag.out) || !hasFlag(row, MessageFlag.unreadReactions)) return undefined;
  const unseen = (unpackMessageExtra(row.extra).reactions ?? []).filter((one) => one.unread === true);
  const [newest] = unseen.toSorted((a, b) => b.date - a.date);
  return newest && { reactorId: markPeer(newest.peer_id), emoji: emojiOf(newest.reaction), date: newest.date };
}

/** Whether somebody may have written a message. Who has written a message of a supergroup in the name of a chat is known only to its totals of reactions. Pure. */
function mayBeBy(authorId: bigint, row: MessageRow): boolean {
  if (!isMarkedChannel(row.peer_id)) return hasFlag(row, MessageFlag.out);
  return !hasFlag(row, MessageFlag.post) && (row.from_id === authorId || !isMarkedUser(row.from_id));
}

/** Finds for each of these messages of one author the newest reaction that the author has not seen. Messages without one, and of others, are left out. */
async function findUnseen(db: Database, authorId: bigint, rows: readonly MessageRow[]): Promise<Map<MessageRow, UnseenReaction>> {
  const found = new Map<MessageRow, UnseenReaction>();
  const own = rows.filter((row) => mayBeBy(authorId, row));
  for (const [peerId, ofChat] of groupBy(own, (row) => row.peer_id)) {
    const postIdOf = (row: MessageRow): bigint => (isMarkedChannel(peerId) ? BigInt(row.msg_id) : row.global_id);
    const news = isMarkedUser(peerId) ? [] : await listNewsOf(db, { authorId, peerId, postIds: ofChat.map(postIdOf) });
    const newsOf = new Map(news.map((given) => [given.post_id, given]));
    for (const row of ofChat) {
      const given = newsOf.get(postIdOf(row));
      const newest = given ? { reactorId: given.as_id ?? given.user_id, emoji: emojiOf(reactionOfKey(given.emoticon)), date: given.date } : newestUnseen(row);
      if (newest) found.set(row, newest);
    }
  }
  return found;
}

/**
 * Decides which devices are told of reactions to messages of their owners. What was removed or seen until it is sent is not told.
 * @param reacted by author, the messages whose reactions have changed
 */
export async function decideReactions(deps: DecideDeps, reacted: ReadonlyMap<bigint, readonly MessagePlace[]>): Promise<Pick<Decided, 'dueMs' | 'woken'>> {
  const { db, clock } = deps;
  const nowDate = Math.floor(clock.nowMs() / 1000);
  const news: MessageRow[] = [];
  for (const [author, places] of reacted) {
    const rows = await db.readRepeatable('read-noticed-reactions', (reads) => listAt(reads, places));
    // A notice of the same message that comes later is another one, so the date of the reaction is its number.
    for (const [row, { date }] of await findUnseen(db, author, rows)) if (date >= nowDate - NOTICE_MAX_AGE_S) news.push({ ...row, owner_id: author, pts: date, date });
  }
  if (news.length === 0) return { dueMs: undefined, woken: [] };
  const facts = await listChatFacts(db, news.map((row) => ({ owner: row.owner_id, peer: row.peer_id, scope: scopeOf(row) })));
  const online = new Set(facts.flatMap(({ owner_id, online_date }) => (online_date > nowDate ? [owner_id] : [])));
  const { notices, woken } = await tellDevices(deps, groupBy(news, ({ owner_id }) => owner_id), (userId) => online.has(userId));
  if (notices.length > 0) await db.transact('decide-reaction-notices', (tx) => insertDeviceNotices(tx, notices));
  return { dueMs: firstDue(notices), woken };
}

/** What judging such a notice needs. */
export interface ReactionNoticeDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  notifications: Pick<Notifications, 'findReactionsSettings'>;
  relations: Pick<Relations, 'findRelations'>;
}

/** What somebody is told of a reaction at this moment. */
export interface ToldReaction extends UnseenReaction {
  showsPreviews: boolean;
}

/** Reads of which reaction to a message its owner is to be told; undefined if there is none, or the owner does not want to hear of it. @param facts of the chat */
export async function findToldReaction({ db, clock, notifications, relations }: ReactionNoticeDeps, row: MessageRow, facts: ChatFacts): Promise<ToldReaction | undefined> {
  const { owner_id: ownerId } = facts;
  const reaction = (await findUnseen(db, ownerId, [row])).get(row);
  if (reaction === undefined || facts.mute_until > clock.now()) return undefined;
  const { messages_notify_from: from, show_previews: showsPreviews } = await notifications.findReactionsSettings(ownerId);
  if (from === undefined) return undefined;
  const relation = (await relations.findRelations(ownerId, [reaction.reactorId])).get(reaction.reactorId);
  if (relation?.blocks === true || (from._ === 'reactionNotificationsFromContacts' && relation?.contact === undefined)) return undefined;
  return { ...reaction, showsPreviews };
}
