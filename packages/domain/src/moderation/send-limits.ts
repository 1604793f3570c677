import { RpcError, rpcError } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';

import type { ResolvedUser } from '../access/index.ts';
import type { BotRows } from '../bot-rows/index.ts';
import { type Chats, isChatRow } from '../chats/index.ts';
import { BOT_FATHER_ID, testCodeOf, type UserRow } from '../peers/index.ts';
import type { Relation } from '../relations/index.ts';
import { type DomainDeps, ExactQuota, QuotaBuckets, refuseWait, takeBoth, useQuota, type Wait } from '../shared/index.ts';
import { isLimitedAt } from './is-limited.ts';
import { countUnanswered, hasHeardFrom, noteAnswer, noteFirstContact, readPairFacts } from './first-contact-store.ts';

/**
 * Counts a service message that a user causes in a group or channel, given by its marked id.
 * @returns 0 if it was counted; otherwise the seconds to wait
 */
export type ChargeNotice = (userId: bigint, peerId: bigint) => Wait;

/** What somebody who adds a person to a group is to that person; `new`: a stranger in the first week of an account. */
export type Adder = 'known' | 'stranger' | 'new';

/** Accounts younger than this (seconds) count as new. */
const NEW_S = 7 * 86_400;

function isNew(row: UserRow, nowDate: number): boolean {
  return nowDate - row.created_date < NEW_S;
}

const MAX_PAIRS = 100_000;
/** Seconds for which a pair is cached; kept short, because the receiver may answer, or remove a contact, through another process. */
const PAIR_KEPT_S = 60;

interface Pair {
  /**
   * `free` means that no limits apply; `bot` is a bot that writes to a person; `asking` is such a bot too, and may write only now, because the other asks to be let
   * in where the bot may decide; `father` is somebody who writes to BotFather, which has the server itself answer.
   */
  kind: 'free' | 'asking' | 'known' | 'stranger' | 'bot' | 'father';
  untilDate: number;
  /** Whether it was found for a message, so that what a message begins or answers is recorded. */
  isWriting: boolean;
}

/** What the limits read of people. */
interface SendLimitParts {
  users: { findRows(ids: Iterable<bigint>): Promise<Map<bigint, UserRow>>; peekRow(userId: bigint): UserRow | undefined; findRelation(viewerId: bigint, targetId: bigint): Promise<Relation> };
  /** Called before a user writes to somebody, but not before each message. */
  noteWriting(userId: bigint, peerId: bigint): Promise<void> | undefined;
  chats: Pick<Chats, 'findRow'>;
  botRows: Pick<BotRows, 'mayWriteTo' | 'doNoteUser' | 'findRow'>;
  /** Whether a bot may write to a person who asks to be let in where the bot decides. */
  mayAnswerRequest(botId: bigint, userId: bigint): Promise<boolean>;
}

/**
 * Limits on the messages that one user can get, and on the number of strangers one user can write to. Each method names its quotas, whose numbers stand in
 * `QUOTAS` (`shared/quotas.ts`). Limits per second are counted in memory (most by the node that owns who is protected), limits per day in the database.
 */
export class SendLimits {
  readonly #deps: Pick<DomainDeps, 'db' | 'clock' | 'config' | 'owners' | 'hasLimits' | 'homes'>;
  readonly #parts: SendLimitParts;
  readonly #toFather: QuotaBuckets;
  readonly #inbound: ExactQuota;
  readonly #fromStrangers: ExactQuota;
  readonly #typing: QuotaBuckets;
  readonly #inboundTyping: ExactQuota;
  readonly #liveDrafts: ExactQuota;
  readonly #liveDraftBytes: ExactQuota;
  readonly #chatMessages: ExactQuota;
  readonly #chatNotices: ExactQuota;
  readonly #inviteLinks: ExactQuota;
  readonly #calls: ExactQuota;
  readonly #pairs = new RecentMap<string, Pair>(MAX_PAIRS);

  constructor(deps: Pick<DomainDeps, 'db' | 'clock' | 'config' | 'owners' | 'hasLimits' | 'homes'>, parts: SendLimitParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#toFather = new QuotaBuckets(deps, 'toBotFather');
    this.#inbound = new ExactQuota(deps, 'inboundMessages');
    this.#fromStrangers = new ExactQuota(deps, 'inboundFromStrangers');
    this.#typing = new QuotaBuckets(deps, 'typing');
    this.#inboundTyping = new ExactQuota(deps, 'inboundTyping');
    this.#liveDrafts = new ExactQuota(deps, 'liveDrafts');
    this.#liveDraftBytes = new ExactQuota(deps, 'liveDraftBytes');
    this.#chatMessages = new ExactQuota(deps, 'chatMessages');
    this.#chatNotices = new ExactQuota(deps, 'chatNotices');
    this.#inviteLinks = new ExactQuota(deps, 'inviteLinks');
    this.#calls = new ExactQuota(deps, 'callRequests');
  }

  /**
   * Counts messages before they are sent, so that a refused send costs no transaction: `inboundMessages`, `inboundFromStrangers`, `firstContacts`; to BotFather:
   * `toBotFather`; of a bot: `chatMessages`.
   * @returns undefined, synchronously, for pairs already in the cache, unless another node must be asked, which with one node is the usual case
   * @throws RpcError 420 FLOOD_WAIT (the receiver is getting too many messages), 400 PEER_FLOOD (too many strangers today); of a bot: USER_IS_BOT,
   * PEER_ID_INVALID (the person has neither written to the bot, nor allowed it to write, nor just asked to be let in where the bot decides)
   */
  check(senderId: bigint, peer: ResolvedUser, count: number): Promise<void> | undefined {
    return this.#check(senderId, peer, count, true);
  }

  /**
   * Counts an edit or a reaction, which writes as much for the other as a message, but neither begins a conversation nor answers: `inboundMessages`,
   * `inboundFromStrangers`; to BotFather: `toBotFather`; of a bot: `chatMessages`. Returns as {@link SendLimits.check}.
   * @throws RpcError 420 FLOOD_WAIT
   */
  checkChange(actorId: bigint, peer: ResolvedUser): Promise<void> | undefined {
    return this.#check(actorId, peer, 1, false);
  }

  /**
   * Counts a person whom a user adds to a group or channel as one to whom the user writes first, because a group with a title and messages reaches people as a
   * message does: `firstContacts`, `firstContactsWhenNew`.
   * @returns what the user is to the person; undefined if the user reaches too many strangers today
   */
  async checkAdding(adderId: bigint, peer: ResolvedUser): Promise<Adder | undefined> {
    if (peer.isSelf) return 'known';
    try {
      if ((await this.#findKept(adderId, peer, true)).kind !== 'stranger') return 'known';
    } catch (error) {
      if (error instanceof RpcError && error.entry === 'PEER_FLOOD') return undefined;
      throw error;
    }
    const row = await this.#findLimited(adderId);
    return row !== undefined && isNew(row, this.#deps.clock.now()) ? 'new' : 'stranger';
  }

  /** Whether limits on how much somebody does hold for a user. */
  async hasLimits(userId: bigint): Promise<boolean> {
    return (await this.#findLimited(userId)) !== undefined;
  }

  /** Records that somebody elsewhere is about to write to a bot here, which allows the bot to write back. */
  async noteArriving(fromId: bigint, bot: Pick<UserRow, 'user_id'>): Promise<void> {
    await this.#parts.botRows.doNoteUser(bot.user_id, fromId, this.#deps.clock.now());
  }

  /** Checks, and counts nothing, that the operator does not keep a user from writing to somebody. @throws RpcError 400 PEER_FLOOD */
  async checkHeld(senderId: bigint, peer: ResolvedUser): Promise<void> {
    if (!peer.isSelf && (await this.#isHeld(senderId))) await this.#findKept(senderId, peer, false);
  }

  /** Checks that the operator lets a user add people to groups and channels. @throws RpcError 400 PEER_FLOOD */
  async checkMayAdd(adderId: bigint): Promise<void> {
    if (await this.#isHeld(adderId)) throw rpcError('PEER_FLOOD');
  }

  /**
   * Counts messages of a user to a group or channel: `chatMessages`.
   * @param peerId marked
   * @throws RpcError 420 FLOOD_WAIT, 400 USER_BANNED_IN_CHANNEL as {@link SendLimits.checkPublic}
   */
  async checkChat(senderId: bigint, peerId: bigint, count: number): Promise<void> {
    await this.checkPublic(senderId, peerId);
    await this.#count(this.#chatMessages, senderId, `${senderId}:${peerId}`, count);
  }

  /**
   * Keeps somebody whom the operator limits, and their bots, out of groups that anybody can read: those with a public name, and those with the comments of a channel.
   * @param peerId marked
   * @param error USER_RESTRICTED for somebody who would join
   * @throws RpcError 400 USER_BANNED_IN_CHANNEL, 403 USER_RESTRICTED
   */
  async checkPublic(userId: bigint, peerId: bigint, error: 'USER_BANNED_IN_CHANNEL' | 'USER_RESTRICTED' = 'USER_BANNED_IN_CHANNEL'): Promise<void> {
    if (userId < 0n || !(await this.#isHeld(userId))) return;
    const row = await this.#parts.chats.findRow(peerId);
    if (row === undefined || isChatRow(row) || row.kind === 'broadcast') return;
    if (row.username !== null || row.linked_chat_id !== null) throw rpcError(error);
  }

  /**
   * Counts something that a user does in a group or channel and that adds a service message: `chatNotices`.
   * @param peerId marked
   * @throws RpcError 420 FLOOD_WAIT
   */
  checkNotice(actorId: bigint, peerId: bigint): Promise<void> {
    return this.#count(this.#chatNotices, actorId, `${actorId}:${peerId}`, 1);
  }

  /** Counts as {@link SendLimits.checkNotice} does, in a transaction that adds service messages: the function that it returns asks another node at most, and never the database. @param actorId whose call it is; negative for a channel */
  async openNotices(actorId: bigint): Promise<ChargeNotice> {
    const isLimited = actorId > 0n && (await this.#findLimited(actorId)) !== undefined;
    return isLimited ? (userId, peerId) => this.#chatNotices.take(`${userId}:${peerId}`, 1) : () => 0;
  }

  /** Counts a call to somebody, which leaves a message as any other: `callRequests`, and as {@link SendLimits.check}. @throws RpcError as there */
  async checkCall(callerId: bigint, peer: ResolvedUser): Promise<void> {
    await this.#count(this.#calls, callerId, `${callerId}:${peer.userId}`, 1);
    await this.check(callerId, peer, 1);
  }

  /** Counts that a user opens an invite link or joins by it: `inviteLinks`. @throws RpcError 420 FLOOD_WAIT */
  checkInvite(actorId: bigint): Promise<void> {
    return this.#count(this.#inviteLinks, actorId, String(actorId), 1);
  }

  /**
   * Counts an action such as typing that is shown to the receiver and not stored: `typing`, `inboundTyping`.
   * @throws RpcError 420 FLOOD_WAIT
   */
  checkTyping(senderId: bigint, peerId: bigint): Promise<void> | undefined {
    return refuseWait(takeBoth(this.#typing.take(`${senderId}:${peerId}`, 1), () => this.#inboundTyping.take(String(peerId), 1)));
  }

  /**
   * Checks that a bot may write to a person, and counts a text that it shows the person while it writes it: `liveDrafts`.
   * @throws RpcError 420 FLOOD_WAIT, 400 USER_IS_BOT, PEER_ID_INVALID, as {@link SendLimits.check}
   */
  async checkLiveDraft(botId: bigint, peer: ResolvedUser): Promise<void> {
    await this.#findKept(botId, peer, false);
    await refuseWait(this.#liveDrafts.take(`${botId}:${peer.peerId}`, 1));
  }

  /** Counts the size of such a text: `liveDraftBytes`. @throws RpcError 420 FLOOD_WAIT */
  checkLiveDraftBytes(botId: bigint, peerId: bigint, bytes: number): Promise<void> | undefined {
    return refuseWait(this.#liveDraftBytes.take(`${botId}:${peerId}`, Math.ceil(bytes / 1024)));
  }

  #check(senderId: bigint, peer: ResolvedUser, count: number, isWriting: boolean): Promise<void> | undefined {
    if (peer.isSelf) return undefined;
    const pair = this.#findKept(senderId, peer, isWriting);
    if (pair instanceof Promise) return pair.then((found) => refuseWait(this.#take(found, senderId, peer.userId, count)));
    return refuseWait(this.#take(pair, senderId, peer.userId, count));
  }

  /**
   * Takes messages from the buckets of their receiver. Strangers who have to wait take nothing from what everybody may send. A bot has a bucket for each person,
   * as for each group, and takes nothing from what people may send.
   */
  #take({ kind }: Pair, senderId: bigint, peerId: bigint, count: number): Wait {
    if (kind === 'free') return 0;
    if (kind === 'father') return this.#toFather.take(String(senderId), count);
    if (kind === 'bot' || kind === 'asking') return this.#chatMessages.take(`${senderId}:${peerId}`, count);
    const takeInbound = (): Wait => this.#inbound.take(String(peerId), count);
    return kind === 'stranger' ? takeBoth(this.#fromStrangers.take(String(peerId), count), takeInbound) : takeInbound();
  }

  /** Takes from a bucket, unless the user has no limits. */
  async #count(quota: ExactQuota, userId: bigint, whom: string, count: number): Promise<void> {
    if ((await this.#findLimited(userId)) !== undefined) await refuseWait(quota.take(whom, count));
  }

  #findKept(senderId: bigint, peer: ResolvedUser, isWriting: boolean): Pair | Promise<Pair> {
    const key = `${senderId}:${peer.userId}`;
    const { clock } = this.#deps;
    const pair = this.#pairs.get(key);
    // Whoever is limited is looked up each time, so that a limit holds at once.
    const row = this.#parts.users.peekRow(senderId);
    if (row && !isLimitedAt(row, clock.now()) && pair && pair.untilDate > clock.now() && (pair.isWriting || !isWriting)) return pair;
    return this.#findKind(senderId, peer, isWriting).then((kind) => {
      const found: Pair = { kind, untilDate: clock.now() + PAIR_KEPT_S, isWriting };
      // A request may end at any time.
      if (kind !== 'asking') this.#pairs.set(key, found);
      return found;
    });
  }

  async #findKind(senderId: bigint, peer: ResolvedUser, isWriting: boolean): Promise<Pair['kind']> {
    const { db, clock } = this.#deps;
    if (isWriting) await this.#parts.noteWriting(senderId, peer.userId);
    const sender = await this.#findLimited(senderId);
    if (sender?.bot === true) return this.#findKindForBot(senderId, peer);
    const isElsewhere = this.#deps.homes?.dcOf(peer.userId) !== undefined;
    // Whatever somebody writes to a bot allows the bot to write back; a bot elsewhere hears of it at its home.
    if (isWriting && peer.row.bot && !isElsewhere) await this.#parts.botRows.doNoteUser(peer.userId, senderId, clock.now());
    if (peer.userId === BOT_FATHER_ID) return 'father';
    const isHeld = await this.#isHeld(senderId);
    if ((!sender && !isHeld) || peer.row.support || peer.row.bot) return 'free';
    const [facts, back, relation] = await Promise.all([
      readPairFacts(db, senderId, peer.userId),
      readPairFacts(db, peer.userId, senderId),
      this.#parts.users.findRelation(senderId, peer.userId),
    ]);
    if (isWriting && back.is_unanswered) {
      await db.transact('note-answer', (tx) => noteAnswer(tx, peer.userId, senderId));
      this.#pairs.delete(`${peer.userId}:${senderId}`);
    }
    // A dialog alone shows nothing: first contacts are forgotten after a while, but who never answered them is still a stranger.
    if (relation.reverse !== undefined || back.has_written || (isElsewhere && (await hasHeardFrom(db, senderId, peer.userId)))) return 'known';
    // Whoever is limited can ask why, and asking counts for no limit of first contacts.
    if (peer.row.gives_support) return 'stranger';
    if (isHeld || !sender) throw rpcError('PEER_FLOOD');
    if (isWriting && !facts.is_unanswered) await this.#begin(sender, peer.userId);
    return 'stranger';
  }

  /** @throws RpcError 400 USER_IS_BOT, PEER_ID_INVALID, as {@link SendLimits.check} */
  async #findKindForBot(botId: bigint, peer: ResolvedUser): Promise<'bot' | 'asking'> {
    if (peer.row.bot) throw rpcError('USER_IS_BOT');
    if (await this.#parts.botRows.mayWriteTo(botId, peer.userId)) return 'bot';
    if (await this.#parts.mayAnswerRequest(botId, peer.userId)) return 'asking';
    throw rpcError('PEER_ID_INVALID');
  }

  /** Records the first message to a user who has not written before. */
  #begin(sender: UserRow, peerId: bigint): Promise<void> {
    return this.#deps.db.transact('note-first-contact', async (tx) => {
      // Locked, so that concurrent first messages are counted one after the other.
      await tx.lockCounters([sender.user_id]);
      const nowDate = this.#deps.clock.now();
      const { most, periodS } = useQuota(isNew(sender, nowDate) ? 'firstContactsWhenNew' : 'firstContacts');
      if ((await countUnanswered(tx, sender.user_id, nowDate - periodS)) >= most) throw rpcError('PEER_FLOOD');
      await noteFirstContact(tx, sender.user_id, peerId, nowDate);
    });
  }

  /** Whether the operator limits a user now, or the owner of a bot: what somebody may not do, no bot does in their place. */
  async #isHeld(userId: bigint): Promise<boolean> {
    const nowDate = this.#deps.clock.now();
    const row = await this.#findRow(userId);
    if (isLimitedAt(row, nowDate)) return true;
    if (row?.bot !== true) return false;
    const ownerId = (await this.#parts.botRows.findRow(userId))?.owner_id ?? undefined;
    return ownerId !== undefined && isLimitedAt(await this.#findRow(ownerId), nowDate);
  }

  async #findRow(userId: bigint): Promise<UserRow | undefined> {
    return this.#parts.users.peekRow(userId) ?? (await this.#parts.users.findRows([userId])).get(userId);
  }

  /** The row of a user to whom limits apply. Test numbers are limited only if a setting says so, because load tests and other tests use them. */
  async #findLimited(userId: bigint): Promise<UserRow | undefined> {
    const { config, hasLimits } = this.#deps;
    const row = (await this.#parts.users.findRows([userId])).get(userId);
    if (row === undefined || row.support) return undefined;
    // Whom a bot may write to is not a matter of limits.
    if (row.bot) return row;
    const isTest = config.testMode && !config.testLimits && testCodeOf(row.phone ?? '') !== undefined;
    return (hasLimits?.(userId) ?? !isTest) ? row : undefined;
  }
}
