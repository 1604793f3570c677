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

/** The reactions to a message of a private chat that its owner has not seen, the newest first. Pure. */
function unseenIn(row: MessageRow): UnseenReaction[] {
  if (!hasFlag(row, MessageFlag.unreadReactions)) return [];
  const unseen = (unpackMessageExtra(row.extra).reactions ?? []).filter((one) => one.unread === true);
  return unseen.toSorted((a, b) => b.date - a.date).map((one) => ({ reactorId: markPeer(one.peer_id), emoji: emojiOf(one.reaction), date: one.date }));
}

/** Whether this user may be the author of a message. A message of a supergroup that was sent in the name of a chat does not say which member has sent it; the row with its reactions does. Pure. */
function mayBeBy(authorId: bigint, row: MessageRow): boolean {
  if (!isMarkedChannel(row.peer_id)) return hasFlag(row, MessageFlag.out);
  return !hasFlag(row, MessageFlag.post) && (row.from_id === authorId || !isMarkedUser(row.from_id));
}

/** Finds for each of these messages of one author the newest reactions that the author has not seen. Messages without one, and of others, are left out. */
async function findUnseen(db: Database, authorId: bigint, rows: readonly MessageRow[]): Promise<Map<MessageRow, UnseenReaction[]>> {
  const found = new Map<MessageRow, UnseenReaction[]>();
  const own = rows.filter((row) => mayBeBy(authorId, row));
  for (const [peerId, ofChat] of groupBy(own, (row) => row.peer_id)) {
    const postIdOf = (row: MessageRow): bigint => (isMarkedChannel(peerId) ? BigInt(row.msg_id) : row.global_id);
    const given = isMarkedUser(peerId) ? [] : await listNewsOf(db, { authorId, peerId, postIds: ofChat.map(postIdOf) });
    const givenTo = groupBy(given, (one) => one.post_id);
    for (const row of ofChat) {
      const ofPost = givenTo.get(postIdOf(row))?.map((one) => ({ reactorId: one.as_id ?? one.user_id, emoji: emojiOf(reactionOfKey(one.emoticon)), date: one.date }));
      const unseen = ofPost ?? unseenIn(row);
      if (unseen.length > 0) found.set(row, unseen);
    }
  }
  return found;
}

/** What choosing the reaction for a notice needs. */
export interface ReactionNoticeDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  notifications: Pick<Notifications, 'findReactionsSettings'>;
  relations: Pick<Relations, 'findRelations'>;
}

/** A reaction as its notice shows it. */
export interface ToldReaction extends UnseenReaction {
  showsPreviews: boolean;
}

/**
 * Chooses for each of these messages the reaction that its author is notified of: the newest one by somebody who is not blocked and whose reactions the author's settings want. Messages of muted chats get none.
 * @param factsOf returns what the author's settings say of the chat of a message
 */
async function findTold({ db, clock, notifications, relations }: ReactionNoticeDeps, authorId: bigint, rows: readonly MessageRow[], factsOf: (row: MessageRow) => ChatFacts | undefined): Promise<Map<MessageRow, ToldReaction>> {
  const told = new Map<MessageRow, ToldReaction>();
  const unseen = await findUnseen(db, authorId, rows.filter((row) => (factsOf(row)?.mute_until ?? Infinity) <= clock.now()));
  if (unseen.size === 0) return told;
  const { messages_notify_from: from, show_previews: showsPreviews } = await notifications.findReactionsSettings(authorId);
  if (from === undefined) return told;
  const related = await relations.findRelations(authorId, [...new Set(Array.from(unseen.values()).flat().map((one) => one.reactorId))]);
  const isWanted = ({ reactorId }: UnseenReaction): boolean => {
    const relation = related.get(reactorId);
    return relation?.blocks !== true && (from._ !== 'reactionNotificationsFromContacts' || relation?.contact !== undefined);
  };
  for (const [row, reactions] of unseen) {
    const wanted = reactions.find(isWanted);
    if (wanted) told.set(row, { ...wanted, showsPreviews });
  }
  return told;
}

/** Reads of which reaction to a message its author is to be told at this moment; undefined if there is none, or the author does not want to hear of it. @param facts of the chat */
export async function findToldReaction(deps: ReactionNoticeDeps, row: MessageRow, facts: ChatFacts): Promise<ToldReaction | undefined> {
  return (await findTold(deps, facts.owner_id, [row], () => facts)).get(row);
}

/**
 * Decides which devices are told of reactions to messages of their owners. What was removed or seen until it is sent is not told.
 * @param reacted by author, the messages whose reactions have changed
 */
export async function decideReactions(deps: DecideDeps & ReactionNoticeDeps, reacted: ReadonlyMap<bigint, readonly MessagePlace[]>): Promise<Pick<Decided, 'dueMs' | 'woken'>> {
  const { db, clock } = deps;
  const nowDate = clock.now();
  const news: MessageRow[] = [];
  const online = new Set<bigint>();
  for (const [author, places] of reacted) {
    const rows = await db.readRepeatable('read-noticed-reactions', (reads) => listAt(reads, places));
    const facts = await listChatFacts(db, rows.map((row) => ({ owner: author, peer: row.peer_id, scope: scopeOf(row) })));
    const factsOf = new Map(facts.map((chat) => [chat.peer_id, chat]));
    // A notice of the same message that comes later is another one, so the date of the reaction is its number.
    for (const [row, { date }] of await findTold(deps, author, rows, (of) => factsOf.get(of.peer_id))) if (date >= nowDate - NOTICE_MAX_AGE_S) news.push({ ...row, owner_id: author, pts: date, date });
    if (facts.some(({ online_date }) => online_date > nowDate)) online.add(author);
  }
  if (news.length === 0) return { dueMs: undefined, woken: [] };
  const { notices, woken } = await tellDevices(deps, groupBy(news, ({ owner_id }) => owner_id), (userId) => online.has(userId));
  if (notices.length > 0) await db.transact('decide-reaction-notices', (tx) => insertDeviceNotices(tx, notices));
  return { dueMs: firstDue(notices), woken };
}
