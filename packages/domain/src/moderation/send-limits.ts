import { rpcError } from '@aerogram/errors';
import { RecentMap, TokenBuckets } from '@aerogram/runtime';

import type { ResolvedPeer } from '../access/index.ts';
import { testCodeOf, type UserRow } from '../peers/index.ts';
import type { Relation } from '../relations/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { countUnanswered, noteAnswer, noteFirstContact, readPairFacts } from './first-contact-store.ts';

/** How much may be written to one person, and to how many people who did not ask for it. */
export interface SendLimits {
  /**
   * Counts messages before they are sent. What it refuses has cost no transaction.
   * @returns undefined where the pair is known and nothing has to be waited for: most sends
   * @throws RpcError 420 FLOOD_WAIT (the receiver gets too much just now), 400 PEER_FLOOD (too many strangers today)
   */
  check(senderId: bigint, peer: ResolvedPeer, count: number): Promise<void> | undefined;
  /** Counts an action that is shown to the receiver and not stored, such as typing. @throws RpcError 420 FLOOD_WAIT */
  checkTyping(senderId: bigint, peerId: bigint): void;
}

/** What one person takes in all: bursts of a thousand, then fifty a second. */
const INBOUND = { capacity: 1000, tokensPerSecond: 50, maxBuckets: 100_000 };
/** What one person takes from strangers, all of them together. */
const INBOUND_FROM_STRANGERS = { capacity: 60, tokensPerSecond: 1, maxBuckets: 100_000 };
/** Actions that one person shows to another. Clients repeat "is typing" every five seconds, and tell of taps on an emoji every second. */
const TYPING = { capacity: 30, tokensPerSecond: 1, maxBuckets: 100_000 };
/** Actions that one person is shown by all others together. */
const INBOUND_TYPING = { capacity: 300, tokensPerSecond: 20, maxBuckets: 100_000 };
/** People that a user may write to first in a day, while they do not answer. */
const STRANGERS_PER_DAY = 100;
const STRANGERS_PER_DAY_WHEN_NEW = 25;
const DAY_S = 86_400;
/** An account counts as new for a week. */
const NEW_S = 7 * DAY_S;
const MAX_PAIRS = 100_000;
/** A stranger may have been answered through another node. */
const STRANGER_KEPT_S = 60;

/** `free`: not limited at all. */
type Pair = { kind: 'free' | 'known' } | { kind: 'stranger'; untilDate: number };

/** Makes the limits. What is counted by the second lives in memory, what is counted by the day in the database. */
export function createSendLimits(
  deps: Pick<DomainDeps, 'db' | 'clock' | 'config'>,
  parts: { users: { findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>; findRelation(viewerId: bigint, targetId: bigint): Promise<Relation> } },
): SendLimits {
  const { db, clock, config } = deps;
  const inbound = new TokenBuckets(clock, INBOUND);
  const fromStrangers = new TokenBuckets(clock, INBOUND_FROM_STRANGERS);
  const typing = new TokenBuckets(clock, TYPING);
  const inboundTyping = new TokenBuckets(clock, INBOUND_TYPING);
  const pairs = new RecentMap<string, Pair>(MAX_PAIRS);

  const take = (pair: Pair, peerId: bigint, count: number): void => {
    if (pair.kind === 'free') return;
    const waitS = inbound.take(String(peerId), count) || (pair.kind === 'stranger' ? fromStrangers.take(String(peerId), count) : 0);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
  };

  /** The first message to somebody who did not write before. */
  const begin = (sender: UserRow, peerId: bigint): Promise<void> =>
    db.transact('note-first-contact', async (tx) => {
      // One after the other, or a burst would count too few.
      await tx.lockCounters([sender.user_id]);
      const nowDate = clock.now();
      const most = nowDate - sender.created_date < NEW_S ? STRANGERS_PER_DAY_WHEN_NEW : STRANGERS_PER_DAY;
      if ((await countUnanswered(tx, sender.user_id, nowDate - DAY_S)) >= most) throw rpcError('PEER_FLOOD');
      await noteFirstContact(tx, sender.user_id, peerId, nowDate);
    });

  const find = async (senderId: bigint, peer: ResolvedPeer): Promise<Pair> => {
    const sender = (await parts.users.findRows([senderId])).get(senderId);
    // Test numbers are not limited: load and tests come from them.
    const isTest = config.testMode && testCodeOf(sender?.phone ?? '') !== undefined;
    if (!sender || isTest || sender.support || peer.row.support || peer.row.bot) return { kind: 'free' };
    const [facts, back, relation] = await Promise.all([
      readPairFacts(db, senderId, peer.userId),
      readPairFacts(db, peer.userId, senderId),
      parts.users.findRelation(senderId, peer.userId),
    ]);
    if (back.is_unanswered) {
      await db.transact('note-answer', (tx) => noteAnswer(tx, peer.userId, senderId));
      pairs.delete(`${peer.userId}:${senderId}`);
    }
    if (relation.reverse !== undefined) return { kind: 'known' };
    if (!facts.is_unanswered && facts.has_dialog) return { kind: 'known' };
    if (!facts.is_unanswered) await begin(sender, peer.userId);
    return { kind: 'stranger', untilDate: clock.now() + STRANGER_KEPT_S };
  };

  return {
    checkTyping(senderId, peerId) {
      const waitS = typing.take(`${senderId}:${peerId}`, 1) || inboundTyping.take(String(peerId), 1);
      if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
    },
    check(senderId, peer, count) {
      if (peer.isSelf) return undefined;
      const key = `${senderId}:${peer.userId}`;
      const pair = pairs.get(key);
      if (pair && (pair.kind !== 'stranger' || pair.untilDate > clock.now())) {
        take(pair, peer.userId, count);
        return undefined;
      }
      return find(senderId, peer).then((found) => {
        pairs.set(key, found);
        take(found, peer.userId, count);
      });
    },
  };
}
