import { markPeer } from '@aerogram/cluster';
import type { Clock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { hasFlag, MessageFlag, type MessageRow, unpackMessageExtra } from '../events/index.ts';
import type { Notifications } from '../notifications/index.ts';
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

/** The newest reaction of somebody else to a message of its owner that the owner has not seen; undefined if there is none. Pure. */
export function newestUnseen(row: MessageRow): tl.messagePeerReaction | undefined {
  if (!hasFlag(row, MessageFlag.out) || !hasFlag(row, MessageFlag.unreadReactions)) return undefined;
  const unseen = (unpackMessageExtra(row.extra).reactions ?? []).filter((one) => one.unread === true);
  return unseen.toSorted((a, b) => b.date - a.date)[0];
}

/** A reaction as a notice names it. Pure. */
export const emojiOf = (reaction: tl.Reaction): string => (reaction._ === 'reactionEmoji' ? reaction.emoticon : CUSTOM);

/**
 * Decides which devices are told of reactions to messages in the boxes of their owners. What was removed or seen until it is sent is not told.
 * @param reacted by owner, the ids of messages whose reactions have changed
 */
export async function decideReactions(deps: DecideDeps, reacted: ReadonlyMap<bigint, ReadonlySet<number>>): Promise<Pick<Decided, 'dueMs' | 'woken'>> {
  const { db, clock } = deps;
  const nowDate = Math.floor(clock.nowMs() / 1000);
  const places = [...reacted].flatMap(([owner, ids]) => Array.from(ids, (msgId) => ({ owner, msgId })));
  const rows = await db.readRepeatable('read-noticed-reactions', (reads) => listAt(reads, places));
  // A notice of the same message that comes later is another one, so the date of the reaction is its number.
  const news = rows.flatMap((row) => {
    const reaction = newestUnseen(row);
    return reaction === undefined || reaction.date < nowDate - NOTICE_MAX_AGE_S ? [] : [{ ...row, pts: reaction.date, date: reaction.date }];
  });
  if (news.length === 0) return { dueMs: undefined, woken: [] };
  const facts = await listChatFacts(db, news.map((row) => ({ owner: row.owner_id, peer: row.peer_id, scope: scopeOf(row) })));
  const online = new Set(facts.flatMap(({ owner_id, online_date }) => (online_date > nowDate ? [owner_id] : [])));
  const { notices, woken } = await tellDevices(deps, groupBy(news, ({ owner_id }) => owner_id), (userId) => online.has(userId));
  if (notices.length > 0) await db.transact('decide-reaction-notices', (tx) => insertDeviceNotices(tx, notices));
  return { dueMs: firstDue(notices), woken };
}

/** What judging such a notice needs. */
export interface ReactionNoticeDeps {
  clock: Pick<Clock, 'now'>;
  notifications: Pick<Notifications, 'findReactionsSettings'>;
  relations: Pick<Relations, 'findRelations'>;
}

/** What somebody is told of a reaction at this moment. */
export interface ToldReaction {
  /** Marked. */
  reactorId: bigint;
  emoji: string;
  showsPreviews: boolean;
}

/** Reads of which reaction to a message its owner is to be told; undefined if there is none, or the owner does not want to hear of it. @param facts of the chat */
export async function findToldReaction({ clock, notifications, relations }: ReactionNoticeDeps, row: MessageRow, facts: ChatFacts): Promise<ToldReaction | undefined> {
  const reaction = newestUnseen(row);
  if (reaction === undefined || facts.mute_until > clock.now()) return undefined;
  const reactorId = markPeer(reaction.peer_id);
  const { messages_notify_from: from, show_previews: showsPreviews } = await notifications.findReactionsSettings(row.owner_id);
  if (from === undefined) return undefined;
  const relation = (await relations.findRelations(row.owner_id, [reactorId])).get(reactorId);
  if (relation?.blocks === true || (from._ === 'reactionNotificationsFromContacts' && relation?.contact === undefined)) return undefined;
  return { reactorId, emoji: emojiOf(reaction.reaction), showsPreviews };
}
