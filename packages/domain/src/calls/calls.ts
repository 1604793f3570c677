import { createHash } from 'node:crypto';
import { newPresentedId } from '@aerogram/cluster';
import { checkDhValue } from '@aerogram/crypto';
import { rpcError } from '@aerogram/errors';
import { type Counter, defineCounter } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedUser } from '../access/index.ts';
import type { BoxWriter, Origin } from '../events/index.ts';
import type { SendLimits } from '../moderation/index.ts';
import { findUserRows, otherBoxOf } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { checkNotBlocked, findRelations, pairKey, type Relation } from '../relations/index.ts';
import { definePort, type DomainConfig, type DomainDeps, type UserKey } from '../shared/index.ts';
import { accessCall, type CallRef } from './access-call.ts';
import { checkedProtocol, mergeProtocols } from './call-protocol.ts';
import { CallReason, endOf, endOfTime } from './call-reason.ts';
import { type CallRow, isInCall, stateOf } from './call-row.ts';
import { type CallOfTwo, type CallRequest, countWaitingCalls, findRequested, hasTalks, insertCall, listOverdue, listRecent, listSilentDevices, lockCall, saveAccepted, saveRating, saveReceived, saveStarted } from './call-store.ts';
import { CallTeller } from './call-teller.ts';
import { doEndCall, type EndDeps, type EndedCall } from './end-call.ts';
import { type CallRelays, projectCall } from './project-call.ts';
import { Signalling } from './signalling.ts';

/** Most calls in which nobody talks yet: that one person makes, of these to the same person, and that ring at one person. Nobody can keep somebody from being called by others. */
const WAITING_MAX = { made: 4, between: 2, ringing: 32 };
/** How often the server looks for calls whose time is over. */
const LOOK_EVERY_MS = 5000;
/** Calls that one look ends at once. */
const SLICE = 100;
/** For so long after the end of a call, or after another device has answered it, a device that connects is told of it, in seconds: it may have missed that, and still ring. */
const TOLD_LATE_S = 120;
/** Most calls of which a device is told when it connects. */
const TOLD_MAX = 20;
/** Most devices of which it is kept that they ring. */
const RINGING_MAX = 64;
/** Of SHA-256. */
const HASH_BYTES = 32;

const ratingsMetric = defineCounter({ name: 'aerogram_call_ratings_total', help: 'What people thought of their calls, from 1 to 5.', labels: ['rating'] });

/**
 * Orders that the devices of the callee whose app is closed are told of a call that rings, or that this is taken back.
 * @param silentKeyIds the devices that are not told of it; undefined: it does not ring any more
 */
export type OrderCallNotices = (tx: Tx, callee: CallRow, silentKeyIds: readonly bigint[] | undefined) => Promise<void>;

export const CALL_NOTICES = definePort<OrderCallNotices>('calls.orderNotices');

/** What calls stand on. */
export interface CallsDeps extends Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'metrics' | 'hasLimits' | 'ownRelay'>, Pick<BoxWriter, 'writeBoxes'> {
  config: Pick<DomainConfig, 'homeDcId' | 'calls' | 'turnUrls' | 'turnSecret'>;
  privacy: Pick<Privacy, 'allows'>;
  users: { findRelation(viewerId: bigint, targetId: bigint): Promise<Relation> };
  sendLimits: Pick<SendLimits, 'checkCall'>;
  orderNotices: OrderCallNotices;
}

/** Calls between two people. Their rows say how far a call is; what devices are told may be lost. */
export class Calls {
  readonly jobKinds: readonly JobKind[];
  readonly #deps: CallsDeps;
  readonly #relays: CallRelays;
  readonly #teller: CallTeller;
  readonly #ending: EndDeps;
  readonly #signalling: Signalling;
  readonly #ratings: Counter<'rating'>;

  constructor(deps: CallsDeps) {
    this.#deps = deps;
    this.#relays = relaysOf(deps);
    this.#teller = new CallTeller(deps.bus, this.#relays);
    this.#ending = { ...deps, teller: this.#teller, orderHush: (tx, callee) => deps.orderNotices(tx, callee, undefined) };
    this.#signalling = new Signalling({ ...deps, teller: this.#teller });
    this.#ratings = deps.metrics.counter(ratingsMetric);
    this.jobKinds = [defineRecurringJob({ kind: 'end-overdue-calls', everyMs: LOOK_EVERY_MS, clockNeed: 'steady', run: ({ signal }) => this.#endOverdue(signal) })];
  }

  /** Begins the relay of this server if people talk already: after a restart, theirs is gone, and their apps look for it. */
  async resumeRelay(): Promise<void> {
    const { ownRelay, db } = this.#deps;
    if (ownRelay !== undefined && (await hasTalks(db))) await ownRelay.begin();
  }

  /** How a device sees one side of a call. @throws RpcError 400 CALL_PEER_INVALID (it must not know of the call) */
  project(row: CallRow, authKeyId: bigint): tl.PhoneCall {
    const call = projectCall(row, authKeyId, this.#relays);
    if (call === undefined) throw rpcError('CALL_PEER_INVALID');
    return call;
  }

  /**
   * Calls somebody. All devices of the callee ring.
   * @returns the side of the caller; that of the first call if the request repeats one
   * @throws RpcError 400 CALL_PROTOCOL_FLAGS_INVALID, CALL_PROTOCOL_LAYER_INVALID, SHA256_HASH_INVALID, USER_ID_INVALID (oneself, bots and service chats), INPUT_USER_DEACTIVATED,
   * YOU_BLOCKED_USER, USER_IS_BLOCKED, CALL_OCCUPY_FAILED (one of them has too many calls), 403 USER_PRIVACY_RESTRICTED (also for people of other data centres, and if there are no calls
   * here), as {@link SendLimits.checkCall}
   */
  async doRequest(device: UserKey, peer: ResolvedUser, asked: { randomId: number; gAHash: Uint8Array; video: boolean; protocol: tl.PhoneCallProtocol }): Promise<CallRow> {
    const { db, clock, random, config, sendLimits } = this.#deps;
    const { userId } = device;
    const { peerId } = peer;
    if (peer.row.bot || otherBoxOf(userId, peerId) === undefined) throw rpcError('USER_ID_INVALID');
    if (peer.row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    const protocol = checkedProtocol(asked.protocol);
    if (asked.gAHash.length !== HASH_BYTES) throw rpcError('SHA256_HASH_INVALID');
    const request: CallRequest = { ...device, peerId, randomId: asked.randomId, gAHash: asked.gAHash };
    const known = await findRequested(db, request);
    if (known !== undefined) return known;
    await this.#checkAllowed(userId, peer);
    await sendLimits.checkCall(userId, peer);
    // Whoever is called takes longer to answer than this takes.
    void this.#deps.ownRelay?.begin();
    return db.transact('request-call', async (tx) => {
      // Whoever blocks, or calls one of them, too, waits for this lock.
      await tx.lockCounters([userId, peerId]);
      const repeated = await findRequested(tx, request);
      if (repeated !== undefined) return repeated;
      const key = pairKey(userId, peerId);
      checkNotBlocked((await findRelations(tx, [key])).get(key));
      const waiting = await countWaitingCalls(tx, userId, peerId);
      if (waiting.made >= WAITING_MAX.made || waiting.between >= WAITING_MAX.between || waiting.ringing >= WAITING_MAX.ringing) throw rpcError('CALL_OCCUPY_FAILED');
      // The account may have been deleted since the call began.
      if ((await findUserRows(tx, [peerId])).get(peerId)?.deleted !== false) throw rpcError('INPUT_USER_DEACTIVATED');
      const made = { ...request, video: asked.video, protocol, callId: newPresentedId(random, config.homeDcId), accessHashes: [random.int63(), random.int63()] as [bigint, bigint] };
      const { caller, callee } = sidesOf(await insertCall(tx, made, clock.now()));
      const silent = await listSilentDevices(tx, peerId);
      await this.#deps.orderNotices(tx, callee!, silent);
      tx.afterCommit(() => this.#teller.ring(callee!, silent));
      return caller!;
    });
  }

  /** Notes that a device rings, which the caller hears of the first one. Nothing happens if the call does not ring any more. @throws RpcError 400 CALL_PEER_INVALID */
  async doReceive(device: UserKey, ref: CallRef): Promise<void> {
    const own = await accessCall(this.#deps.db, device.userId, ref);
    if (own.is_caller) throw rpcError('CALL_PEER_INVALID');
    if (!isToRing(own, device)) return;
    await this.#deps.db.transact('receive-call', async (tx) => {
      const { callee } = sidesOf(await lockCall(tx, own));
      if (callee === undefined || !isToRing(callee, device)) return;
      const { caller } = sidesOf(await saveReceived(tx, own, device.authKeyId, this.#deps.clock.now()));
      if (caller !== undefined && callee.received_date === null) tx.afterCommit(() => this.#teller.tell(caller));
    });
  }

  /**
   * Answers a call. Of several devices that answer one wins; all others stop to ring.
   * @throws RpcError 400 CALL_PEER_INVALID, CALL_ALREADY_ACCEPTED, CALL_ALREADY_DECLINED, DH_G_A_INVALID, as {@link checkedProtocol}
   */
  async doAccept(device: UserKey, ref: CallRef, answer: { gB: Uint8Array; protocol: tl.PhoneCallProtocol }): Promise<CallRow> {
    const offered = checkedProtocol(answer.protocol);
    const gB = checkedPower(answer.gB);
    const { authKeyId } = device;
    const own = await accessCall(this.#deps.db, device.userId, ref);
    if (own.is_caller) throw rpcError('CALL_PEER_INVALID');
    await this.#deps.ownRelay?.begin();
    return this.#deps.db.transact('accept-call', async (tx) => {
      const { caller, callee } = sidesOf(await lockCall(tx, own));
      if (caller === undefined || callee === undefined || stateOf(callee) === 'ended') throw rpcError('CALL_ALREADY_DECLINED');
      if (stateOf(callee) !== 'ringing') {
        if (callee.auth_key_id === authKeyId && sameBytes(callee.g_b, gB)) return callee;
        throw rpcError('CALL_ALREADY_ACCEPTED');
      }
      const sides = sidesOf(await saveAccepted(tx, own, { authKeyId, gB, protocol: mergeProtocols(caller, offered) }, this.#deps.clock.now()));
      await this.#deps.orderNotices(tx, sides.callee!, undefined);
      tx.afterCommit(() => {
        this.#teller.tell(sides.caller!);
        this.#teller.tellOthers(sides.callee!);
      });
      return sides.callee!;
    });
  }

  /**
   * Shows the callee the power whose hash came with the request, which completes the exchange of the keys. Another one ends the call for both.
   * @throws RpcError 400 CALL_PEER_INVALID (nobody has answered yet), CALL_ALREADY_DECLINED, DH_G_A_INVALID
   */
  async doConfirm(device: UserKey, ref: CallRef, shown: { gA: Uint8Array; fingerprint: bigint }): Promise<CallRow> {
    const own = await accessCall(this.#deps.db, device.userId, ref);
    if (!own.is_caller || !isInCall(own, device.authKeyId) || stateOf(own) === 'ringing') throw rpcError('CALL_PEER_INVALID');
    if (checkDhValue(shown.gA) === undefined || !sameBytes(own.g_a_hash, createHash('sha256').update(shown.gA).digest())) {
      await doEndCall(this.#ending, own, { ownerId: own.owner_id, origin: undefined, decide: () => ({ reason: CallReason.disconnect, duration: null }) });
      throw rpcError('DH_G_A_INVALID');
    }
    const { privacy, db, clock, ownRelay } = this.#deps;
    await ownRelay?.begin();
    const allows = (ownerId: bigint, viewerId: bigint): Promise<boolean> => privacy.allows(ownerId, 'PhoneP2P', { id: viewerId, bot: false });
    const p2p = (await Promise.all([allows(own.owner_id, own.peer_id), allows(own.peer_id, own.owner_id)])).every(Boolean);
    return db.transact('confirm-call', async (tx) => {
      const { caller } = sidesOf(await lockCall(tx, own));
      const state = caller === undefined ? 'ended' : stateOf(caller);
      if (state === 'ended') throw rpcError('CALL_ALREADY_DECLINED');
      if (state === 'ringing') throw rpcError('CALL_PEER_INVALID');
      if (state === 'talking') return caller!;
      const sides = sidesOf(await saveStarted(tx, own, { ...shown, p2p }, clock.now()));
      tx.afterCommit(() => sides.callee && this.#teller.tell(sides.callee));
      return sides.caller!;
    });
  }

  /** Ends a call, unless it has ended, or goes on at another device of the same person. @throws RpcError 400 CALL_PEER_INVALID */
  async doDiscard(device: UserKey, ref: CallRef, said: { reason: tl.PhoneCallDiscardReason; duration: number; origin: Origin }): Promise<EndedCall> {
    const own = await accessCall(this.#deps.db, device.userId, ref);
    if (own.is_caller && !isInCall(own, device.authKeyId)) throw rpcError('CALL_PEER_INVALID');
    const ended = await doEndCall(this.#ending, own, {
      ownerId: own.owner_id,
      origin: said.origin,
      decide: (row, nowDate) => (isInCall(row, device.authKeyId) ? endOf(row, said, nowDate) : undefined),
    });
    if (ended === undefined) throw rpcError('CALL_PEER_INVALID');
    return ended;
  }

  /** Passes on what a device of a call says to the other one. See {@link Signalling.pass}. */
  pass(device: UserKey, ref: CallRef, data: Uint8Array): Promise<void> {
    return this.#signalling.pass(device, ref, data);
  }

  /** Checks that a device may say something about a call. @throws RpcError 400 CALL_PEER_INVALID */
  async check(device: UserKey, ref: CallRef): Promise<void> {
    await accessCall(this.#deps.db, device.userId, ref);
  }

  /** Counts what somebody thought of a call, once. @throws RpcError 400 CALL_PEER_INVALID */
  async doRate(device: UserKey, ref: CallRef, rating: number): Promise<void> {
    const own = await accessCall(this.#deps.db, device.userId, ref);
    if (rating < 1 || rating > 5 || stateOf(own) !== 'ended') return;
    if (await this.#deps.db.transact('rate-call', (tx) => saveRating(tx, own, rating))) this.#ratings.inc({ rating: String(rating) });
  }

  /** What a device is told of calls when it connects: those that go on as far as it takes part, and those that it may have missed the end of. */
  async listShown({ userId, authKeyId }: UserKey): Promise<tl.updatePhoneCall[]> {
    const since = this.#deps.clock.now() - TOLD_LATE_S;
    const rows = await listRecent(this.#deps.db, userId, since, TOLD_MAX);
    const isRinging = (row: CallRow): boolean => !row.is_caller && stateOf(row) === 'ringing';
    const isSilent = rows.some(isRinging) && (await listSilentDevices(this.#deps.db, userId)).includes(authKeyId);
    return rows.flatMap((row) => {
      // Telegram Desktop answers that it is busy when it is told again of a call that it shows.
      if (isRinging(row) && (isSilent || row.received_by.includes(authKeyId))) return [];
      if (!isInCall(row, authKeyId) && row.accepted_date !== null && row.accepted_date < since) return [];
      const phone_call = projectCall(row, authKeyId, this.#relays);
      return phone_call === undefined ? [] : [{ _: 'updatePhoneCall', phone_call }];
    });
  }

  /** @throws RpcError as {@link Calls.doRequest} */
  async #checkAllowed(userId: bigint, { peerId, row }: ResolvedUser): Promise<void> {
    const { config, users, privacy } = this.#deps;
    if (config.calls === 'off' || row.elsewhere === true) throw rpcError('USER_PRIVACY_RESTRICTED');
    checkNotBlocked(await users.findRelation(userId, peerId));
    if (!(await privacy.allows(peerId, 'PhoneCall', { id: userId, bot: false }))) throw rpcError('USER_PRIVACY_RESTRICTED');
  }

  async #endOverdue(signal: AbortSignal): Promise<void> {
    const { db, clock } = this.#deps;
    for (let due: CallOfTwo[] = []; due.length % SLICE === 0; ) {
      due = await listOverdue(db, clock.now(), SLICE);
      if (due.length === 0) return;
      // Both sides of most calls are among them.
      for (const call of new Map(due.map((side) => [side.call_id, side])).values()) {
        signal.throwIfAborted();
        await doEndCall(this.#ending, call, { ownerId: call.owner_id, origin: undefined, decide: (row, nowDate) => (row.deadline > nowDate ? undefined : endOfTime(row)) });
      }
    }
  }
}

function sidesOf(rows: readonly CallRow[]): { caller: CallRow | undefined; callee: CallRow | undefined } {
  return { caller: rows.find(({ is_caller }) => is_caller), callee: rows.find(({ is_caller }) => !is_caller) };
}

/** Whether a device of the callee has not said yet that it rings. */
function isToRing(row: CallRow, { authKeyId }: UserKey): boolean {
  return stateOf(row) === 'ringing' && row.received_by.length < RINGING_MAX && !row.received_by.includes(authKeyId);
}

/** A power of the key exchange, as it came: the other side hashes these bytes. @throws RpcError 400 DH_G_A_INVALID */
function checkedPower(value: Uint8Array): Uint8Array {
  if (checkDhValue(value) === undefined) throw rpcError('DH_G_A_INVALID');
  return value;
}

function sameBytes(one: Uint8Array | null, other: Uint8Array): boolean {
  return one !== null && Buffer.compare(one, other) === 0;
}

/** The relays of which calls are told: those of the settings, otherwise that of this server. */
function relaysOf({ config, ownRelay }: Pick<CallsDeps, 'config' | 'ownRelay'>): CallRelays {
  if (config.turnUrls.length > 0 || ownRelay === undefined) return { relays: config.turnUrls, secret: config.turnSecret };
  return {
    // Its port may not be known yet.
    get relays() {
      return ownRelay.list();
    },
    secret: ownRelay.secret,
  };
}
