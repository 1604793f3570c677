import {
  badMessage,
  DEFAULT_SESSION_LIMITS,
  type DecryptedMessage,
  encryptMessage,
  idsOfRefused,
  refuseMessage,
  ServerMessageIds,
  ServerSession,
  type SessionEvent,
  type SessionLimits,
  type SessionLink,
} from '@aerogram/mtproto';
import type { ByteBudget, Clock, Logger, Random } from '@aerogram/runtime';
import { isServiceId } from '@aerogram/tl';
import { REQUEST_READERS } from '@aerogram/tl-compat';
import type { GatewayMetrics } from '../gateway-metrics.ts';
import type { LiveSession, SessionRegistry } from '../live-session.ts';
import { type Carrier, GatewaySession, type KeyEntry } from './gateway-session.ts';
import { UPDATES_TOO_LONG } from './hear-notices.ts';
import type { Receivers } from './receivers.ts';
import { Tombstones } from './tombstones.ts';
import { watchUpdates } from './watch-updates.ts';

/** A message is accepted until its msg_id is 300 s old, and may be dated 30 s ahead. */
const REPLAY_WINDOW_MS = 331_000;
/**
 * How long a session waits for its client to return. No message recorded before that is accepted any more, so the session can be forgotten
 * completely.
 */
const AWAY_MS = REPLAY_WINDOW_MS;

const MAX_TOMBSTONES = 200_000;

export interface SessionTableDeps {
  clock: Clock;
  random: Random;
  metrics: GatewayMetrics;
  receivers: Receivers;
  /** Sessions in total, and per key. */
  maxSessions: number;
  maxSessionsPerKey: number;
  limits: Partial<SessionLimits>;
  /** Bounds the bytes of long answers that wait in this process. */
  parts: ByteBudget;
  log: Logger;
}

/** The result of receiving a packet. */
export type Received =
  | { kind: 'accepted'; session: GatewaySession; events: readonly SessionEvent[]; isNews: boolean; quickAckToken: number }
  /** Answered with bad_server_salt or bad_msg_notification. */
  | { kind: 'refused' }
  | { kind: 'undecryptable' }
  /** No room for another session. */
  | { kind: 'full' };

/** The live sessions of this process, by key and session_id. */
export class SessionTable implements SessionRegistry {
  readonly #deps: SessionTableDeps;
  readonly #msgIds = new ServerMessageIds();
  readonly #tombstones = new Tombstones(MAX_TOMBSTONES);
  /** Sessions without a carrier, and when they lost it. */
  readonly #away = new Map<GatewaySession, number>();
  /** Sessions that have acknowledgements to send. */
  readonly #owing = new Set<GatewaySession>();
  readonly #limits: SessionLimits;
  #size = 0;

  constructor(deps: SessionTableDeps) {
    this.#deps = deps;
    this.#limits = { ...DEFAULT_SESSION_LIMITS, ...deps.limits };
  }

  get size(): number {
    return this.#size;
  }

  get away(): number {
    return this.#away.size;
  }

  sessionsOf(userId: bigint): Iterable<LiveSession> {
    return this.#deps.receivers.sessionsOf(userId);
  }

  receiverOf(authKeyId: bigint): LiveSession | undefined {
    return this.#deps.receivers.receiverOf(authKeyId);
  }

  onAttach(listener: (userId: bigint, session: LiveSession) => void): Disposable {
    return this.#deps.receivers.on('attach', listener);
  }

  onDetach(listener: (userId: bigint, session: LiveSession) => void): Disposable {
    return this.#deps.receivers.on('detach', listener);
  }

  /**
   * Handles a packet that arrived over a carrier and was decrypted with the key of `entry`; `message` is undefined if decryption failed.
   */
  receive(carrier: Carrier, entry: KeyEntry, message: DecryptedMessage | undefined, nowMs: number): Received {
    if (!message) return { kind: 'undecryptable' };
    const refusal = refuseMessage(message, entry.salts, nowMs);
    let session = entry.sessions.get(message.sessionId);
    if (refusal) {
      const msgIds = idsOfRefused(message);
      if (session) session.mtproto.awaited.refuse(msgIds);
      else entry.refused.add(msgIds);
      return this.#refuse(carrier, entry, { sessionId: message.sessionId, body: refusal }, nowMs);
    }
    if (!session) {
      const ended = this.#refuseEnded(entry, message);
      if (ended) return this.#refuse(carrier, entry, { sessionId: message.sessionId, body: ended }, nowMs);
      session = this.#create(carrier, entry, message, nowMs);
    }
    if (!session) return { kind: 'full' };
    const link = carrier.linkOf(session);
    const { events, isNews } = session.mtproto.receive(link, message, nowMs, carrier.aside);
    if (isNews) {
      session.received(link, carrier, nowMs);
      this.#away.delete(session);
    } else {
      // Answers that the packet asked for again go to the session's current carrier.
      session.notify();
      if (!session.connected && !this.#away.has(session)) this.#away.set(session, nowMs);
    }
    if (session.mtproto.acksDueMs !== Infinity) this.#owing.add(session);
    if (isNews || !carrier.aside) carrier.notify(session);
    return { kind: 'accepted', session, events, isNews, quickAckToken: message.quickAckToken };
  }

  /** Handles a closed link of the session. */
  closed(session: GatewaySession, link: SessionLink, nowMs: number): void {
    const wasCarrier = session.closeLink(link, nowMs);
    if (!wasCarrier || session.connected || session.ended) return;
    this.#away.delete(session);
    this.#away.set(session, nowMs);
  }

  /** Ends a session of a key by its session_id. @returns whether it existed */
  destroy(entry: KeyEntry, sessionId: bigint, nowMs: number): boolean {
    const session = entry.sessions.get(sessionId);
    if (!session || !this.#mayEnd(session, nowMs)) return false;
    this.remove(session, nowMs);
    return true;
  }

  remove(session: GatewaySession, nowMs: number): void {
    if (session.ended) return;
    session.end();
    this.#size -= 1;
    this.#away.delete(session);
    this.#owing.delete(session);
    session.entry.sessions.delete(session.sessionId);
    for (const carrier of session.carriers) carrier.forget(session);
    this.#deps.receivers.remove(session);
    const untilMs = session.lastReceivedMs + REPLAY_WINDOW_MS;
    if (untilMs > nowMs) this.#tombstones.add(session.entry.key.id, session.sessionId, session.mtproto.highestReceived, nowMs + REPLAY_WINDOW_MS);
  }

  /** Ends sessions whose clients did not return. */
  sweep(nowMs: number): void {
    for (const [session, sinceMs] of this.#away) {
      // If the clock was set back by more than this, nothing recorded is accepted any more either.
      if (Math.abs(nowMs - sinceMs) < AWAY_MS) break;
      this.remove(session, nowMs);
    }
    this.#tombstones.sweep(nowMs);
  }

  /** Whether `sendOwed` will have something to send. */
  get owesAcks(): boolean {
    return this.#owing.size > 0;
  }

  /** Sends the acknowledgements that are due and were not sent along with other messages. */
  sendOwed(nowMs: number): void {
    for (const session of this.#owing) {
      const dueMs = session.mtproto.acksDueMs;
      if (dueMs <= nowMs) session.notify();
      if (dueMs <= nowMs || dueMs === Infinity) this.#owing.delete(session);
    }
  }

  [Symbol.dispose](): void {
    this.#away.clear();
    this.#owing.clear();
  }

  /**
   * Answers with bad_msg_notification code 20 if a session had received the message before it ended. Otherwise a recorded packet could
   * start a session that takes the place of another.
   */
  #refuseEnded(entry: KeyEntry, { sessionId, msgId, seqNo }: DecryptedMessage): Uint8Array | undefined {
    const floor = this.#tombstones.floorOf(entry.key.id, sessionId);
    return floor !== undefined && msgId <= floor ? badMessage(msgId, seqNo, 20) : undefined;
  }

  #create(carrier: Carrier, entry: KeyEntry, message: DecryptedMessage, nowMs: number): GatewaySession | undefined {
    const { random, maxSessions, maxSessionsPerKey, receivers, metrics, parts } = this.#deps;
    if (entry.sessions.size >= maxSessionsPerKey && !this.#endIdlest(entry, nowMs)) return undefined;
    if (this.#size >= maxSessions) {
      const [longest] = this.#away.keys();
      if (!longest) return undefined;
      this.remove(longest, nowMs);
    }
    const { sessionId } = message;
    const receivedFloor = this.#tombstones.take(entry.key.id, sessionId);
    const mtproto = new ServerSession({
      key: entry.key,
      sessionId,
      salts: entry.salts,
      refused: entry.refused,
      msgIds: this.#msgIds,
      random,
      limits: this.#limits,
      knows: isKnown,
      overflowNotice: UPDATES_TOO_LONG,
      ...watchUpdates(this.#deps.log, sessionId),
      ...(receivedFloor === undefined ? {} : { receivedFloor }),
    });
    const authorization = receivers.authorizationOf(entry.permAuthKeyId ?? entry.key.id);
    const session = new GatewaySession({ entry, mtproto, authorization, carrier, nowMs, onDrop: () => metrics.updatesDropped.inc(), parts });
    entry.sessions.set(sessionId, session);
    receivers.add(session);
    this.#size += 1;
    metrics.sessionsCreated.inc();
    return session;
  }

  /** Whether the session can end now without its recorded messages being accepted again. */
  #mayEnd(session: GatewaySession, nowMs: number): boolean {
    return !this.#tombstones.isFull || session.lastReceivedMs + REPLAY_WINDOW_MS <= nowMs;
  }

  /** Ends the longest idle session of a key to make room for another. @returns whether there is room */
  #endIdlest(entry: KeyEntry, nowMs: number): boolean {
    let idlest: GatewaySession | undefined;
    for (const session of entry.sessions.values()) {
      if (!idlest || session.lastReceivedMs < idlest.lastReceivedMs) idlest = session;
    }
    if (!idlest || !this.#mayEnd(idlest, nowMs)) return false;
    this.remove(idlest, nowMs);
    return true;
  }

  /** Answers a message that was not accepted. The packet does not count in any session's seqno. */
  #refuse(carrier: Carrier, entry: KeyEntry, { sessionId, body }: { sessionId: bigint; body: Uint8Array }, nowMs: number): Received {
    this.#deps.metrics.refusals.inc();
    const message = {
      salt: entry.salts.current(nowMs),
      sessionId,
      msgId: this.#msgIds.next(nowMs, 'answer'),
      seqNo: entry.sessions.get(sessionId)?.mtproto.idleSeqNo ?? 0,
      bodyLength: body.length,
      body: { writeTo: (target: Buffer, at: number) => target.set(body, at) },
    };
    carrier.sendLoose(encryptMessage(entry.key, message, this.#deps.random));
    return { kind: 'refused' };
  }
}

/** Whether a constructor id belongs to a request of some layer or to a service message. */
function isKnown(constructor: number): boolean {
  return REQUEST_READERS.has(constructor) || isServiceId(constructor);
}
