import { LONG_PACKET_BYTES, type OutgoingPacket, type ServerSession, type SessionLink } from '@aerogram/mtproto';
import type { SessionRef } from '@aerogram/rpc';
import type { ByteBudget, ByteHold } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { nameAccount } from '../accounts.ts';
import type { CarrierOf } from '../carrier.ts';
import type { LiveSession } from '../live-session.ts';
import { SmallMap } from '../small-map.ts';
import type { AuthorizationOf } from './authorization.ts';
import type { KeyEntryOf } from './key-entry.ts';

export type Carrier = CarrierOf<GatewaySession>;
export type Authorization = AuthorizationOf<GatewaySession>;
export type KeyEntry = KeyEntryOf<GatewaySession>;

/** A call that waits for earlier calls of its session. */
export interface WaitingCall {
  carrier: Carrier;
  msgId: bigint;
  body: Uint8Array;
}

/** When this many bytes of answers wait for the client to read them, no further calls are started for it. */
const BACKLOG_BYTES = 1024 * 1024;

/** One session of a client: its MTProto state, its carriers, and its authorisation. */
export class GatewaySession implements LiveSession {
  readonly entry: KeyEntry;
  readonly mtproto: ServerSession;
  authorization: Authorization;
  /** Number of calls that run now. */
  callsRunning = 0;
  /** Number of these that wait for other calls of the session. */
  callsChained = 0;
  /** Number of calls that may run at once. */
  callsAtOnce = 2;
  callsWaiting: WaitingCall[] | undefined;
  /** The scheduler will soon start the first waiting call. */
  callsPutOff = false;
  /** Runs when the client has read some of its answers. */
  #whenRoom: (() => void) | undefined;
  /** How the dispatcher identifies the session. */
  readonly ref: SessionRef & { remoteAddress: string; localAddress: string; localPort: number; isForwarded: boolean | undefined };
  /**
   * What the session's calls have shown it is used for. Sessions for `files` get no updates (rule P11, one receiver). Both kinds of session make
   * `neutral` calls, and a session for other work may transfer files too.
   */
  purpose: 'unknown' | 'neutral' | 'files' | 'work' = 'unknown';
  /** Sequence number of the last call that made the session a candidate for updates; 0 if there was none. */
  calledAt = 0;
  lastReceivedMs: number;
  /** Removed from the table; nothing may be sent for it any more. */
  ended = false;
  readonly #carriers = new SmallMap<SessionLink, Carrier>();
  readonly #onDrop: () => void;
  readonly #parts: ByteBudget;
  /** Answers that wait to be sent, if they are long. */
  #hold: ByteHold | undefined;

  constructor(options: {
    entry: KeyEntry;
    mtproto: ServerSession;
    authorization: Authorization;
    carrier: Carrier;
    nowMs: number;
    onDrop: () => void;
    /** Bounds the bytes of long answers that wait in this process. */
    parts: ByteBudget;
  }) {
    const { entry, mtproto, carrier } = options;
    this.entry = entry;
    this.mtproto = mtproto;
    this.authorization = options.authorization;
    this.lastReceivedMs = options.nowMs;
    this.#onDrop = options.onDrop;
    this.#parts = options.parts;
    const { remoteAddress, localAddress, localPort, isForwarded } = carrier;
    this.ref = { authKeyId: entry.key.id, sessionId: mtproto.sessionId, messages: mtproto.awaited, remoteAddress, localAddress, localPort, isForwarded };
  }

  get authKeyId(): bigint {
    return this.authorization.permAuthKeyId;
  }

  get sessionId(): bigint {
    return this.mtproto.sessionId;
  }

  get userId(): bigint | undefined {
    return this.authorization.userId;
  }

  get layer(): number {
    return this.authorization.layer ?? LAYER;
  }

  get receivesUpdates(): boolean {
    return this.authorization.receiver === this;
  }

  /** Number of places that calls take. If each waits for another one, one of those may be among the calls that wait for a place. */
  get placesTaken(): number {
    return this.callsChained < this.callsRunning ? this.callsRunning : 0;
  }

  get connected(): boolean {
    return this.#carriers.size > 0;
  }

  push(body: Uint8Array): 'queued' | 'dropped' {
    const result = this.mtproto.push(body);
    if (result === 'dropped') this.#onDrop();
    this.notify();
    return result;
  }

  /** Whether more answers wait for the client than may be in flight. */
  get isBacklogged(): boolean {
    return !this.ended && this.mtproto.waitingAnswerBytes >= BACKLOG_BYTES;
  }

  /** Answers a call. @param again the request, if its answer can be made again (see `ServerSession.reply`) */
  reply(msgId: bigint, body: Uint8Array, again?: { request: Uint8Array; nowMs: number }): void {
    this.mtproto.reply(msgId, body, again);
    this.#countWaiting();
  }

  /** Forgets what waits for the client: the session has ended. */
  end(): void {
    this.ended = true;
    this.mtproto.awaited.end();
    this.#countWaiting();
    this.roomCame();
  }

  #countWaiting(): void {
    const bytes = this.ended ? 0 : this.mtproto.waitingAnswerBytes;
    if (bytes < LONG_PACKET_BYTES) return this.#hold?.set(0);
    this.#hold ??= this.#parts.open(nameAccount(this.userId));
    this.#hold.set(bytes, nameAccount(this.userId));
  }

  /** Runs `work` once, when the session is no longer backlogged or has ended. */
  whenRoom(work: () => void): void {
    this.#whenRoom = work;
  }

  /** Continues the calls that waited for the client to read. */
  roomCame(): void {
    const work = this.#whenRoom;
    this.#whenRoom = undefined;
    work?.();
  }

  /**
   * Takes the next packet for a link, or undefined if there is none. Packets have to leave in the order in which they were taken.
   * @param maxBytes approximate upper limit of its length; a single message always fits
   */
  takeOutgoing(link: SessionLink, nowMs: number, maxBytes?: number): OutgoingPacket | undefined {
    const packet = this.mtproto.takeOutgoing(link, nowMs, maxBytes);
    if (this.#hold) this.#countWaiting();
    if (this.#whenRoom && !this.isBacklogged) this.roomCame();
    return packet;
  }

  /** Records that a packet with something new arrived over this carrier. */
  received(link: SessionLink, carrier: Carrier, nowMs: number): void {
    this.lastReceivedMs = nowMs;
    this.#carriers.set(link, carrier);
    this.ref.remoteAddress = carrier.remoteAddress;
    this.ref.localAddress = carrier.localAddress;
    this.ref.localPort = carrier.localPort;
    this.ref.isForwarded = carrier.isForwarded;
  }

  /** Lets the current carrier send what is queued. */
  notify(): void {
    const link = this.mtproto.currentLink;
    if (link) this.#carriers.get(link)?.notify(this);
  }

  /**
   * Removes the link of a closed carrier; another carrier takes over if there is one.
   * @returns whether the client had sent something new over the carrier
   */
  closeLink(link: SessionLink, nowMs: number): boolean {
    const wasCarrier = this.#carriers.delete(link);
    this.mtproto.closeLink(link, nowMs);
    if (this.#hold) this.#countWaiting();
    this.notify();
    return wasCarrier;
  }

  /** The session's open carriers. */
  get carriers(): Iterable<Carrier> {
    return this.#carriers.values();
  }
}
