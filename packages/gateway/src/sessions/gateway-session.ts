import type { ServerSession, SessionLink } from '@aerogram/mtproto';
import type { SessionRef } from '@aerogram/rpc';
import { LAYER } from '@aerogram/tl';
import type { CarrierOf } from '../carrier.ts';
import type { LiveSession } from '../live-session.ts';
import { SmallMap } from '../small-map.ts';
import type { AuthorizationOf } from './authorization.ts';
import type { KeyEntryOf } from './key-entry.ts';

export type Carrier = CarrierOf<GatewaySession>;
export type Authorization = AuthorizationOf<GatewaySession>;
export type KeyEntry = KeyEntryOf<GatewaySession>;

/** A call that waits for those before it. */
export interface WaitingCall {
  carrier: Carrier;
  msgId: bigint;
  body: Uint8Array;
}

/** Answers that wait for a client to read them, in bytes, from which on no further calls are begun for it. */
const BACKLOG_BYTES = 1024 * 1024;

/** One session of a client: its MTProto state, its carriers, and whose updates it gets. */
export class GatewaySession implements LiveSession {
  readonly entry: KeyEntry;
  readonly mtproto: ServerSession;
  authorization: Authorization;
  /** Calls that run, and those that wait for their end. */
  callsRunning = 0;
  /** How many may run at once. */
  callsAtOnce = 2;
  callsWaiting: WaitingCall[] | undefined;
  /** The first of those that wait has its turn soon. */
  callsPutOff = false;
  /** What goes on when the client has read some of its answers. */
  #whenRoom: (() => void) | undefined;
  /** What the dispatcher knows the session by. */
  readonly ref: SessionRef & { remoteAddress: string; localAddress: string; localPort: number };
  /**
   * What its calls so far show. Those for `files` get no updates (rule P11); `neutral` calls are made by both kinds;
   * a session that does other work may move files too.
   */
  purpose: 'unknown' | 'neutral' | 'files' | 'work' = 'unknown';
  /** Order of the last call that made it a candidate for updates; 0 for none. */
  calledAt = 0;
  lastReceivedMs: number;
  /** Removed from the table; nothing of it may be sent any more. */
  ended = false;
  readonly #carriers = new SmallMap<SessionLink, Carrier>();
  readonly #onDrop: () => void;

  constructor(options: {
    entry: KeyEntry;
    mtproto: ServerSession;
    authorization: Authorization;
    carrier: Carrier;
    nowMs: number;
    onDrop: () => void;
  }) {
    const { entry, mtproto, carrier } = options;
    this.entry = entry;
    this.mtproto = mtproto;
    this.authorization = options.authorization;
    this.lastReceivedMs = options.nowMs;
    this.#onDrop = options.onDrop;
    const { remoteAddress, localAddress, localPort } = carrier;
    this.ref = { authKeyId: entry.key.id, sessionId: mtproto.sessionId, remoteAddress, localAddress, localPort };
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

  get connected(): boolean {
    return this.#carriers.size > 0;
  }

  push(body: Uint8Array): 'queued' | 'dropped' {
    const result = this.mtproto.push(body);
    if (result === 'dropped') this.#onDrop();
    this.notify();
    return result;
  }

  /** Whether more answers wait for the client than it should have on the way. */
  get isBacklogged(): boolean {
    return !this.ended && this.mtproto.waitingAnswerBytes >= BACKLOG_BYTES;
  }

  /** Does something, once, when the session is not backlogged any more, or has ended. */
  whenRoom(work: () => void): void {
    this.#whenRoom = work;
  }

  /** Calls go on that waited for room. */
  roomCame(): void {
    const work = this.#whenRoom;
    this.#whenRoom = undefined;
    work?.();
  }

  /** The next encrypted packet for a link, or undefined. @param maxBytes about how long it may be; one message always fits */
  takeOutgoing(link: SessionLink, nowMs: number, maxBytes?: number): Uint8Array | undefined {
    const packet = this.mtproto.takeOutgoing(link, nowMs, maxBytes);
    if (this.#whenRoom && !this.isBacklogged) this.roomCame();
    return packet;
  }

  /** A packet that brought something new was taken in over this carrier. */
  received(link: SessionLink, carrier: Carrier, nowMs: number): void {
    this.lastReceivedMs = nowMs;
    this.#carriers.set(link, carrier);
    this.ref.remoteAddress = carrier.remoteAddress;
    this.ref.localAddress = carrier.localAddress;
    this.ref.localPort = carrier.localPort;
  }

  /** Lets the current carrier send what waits. */
  notify(): void {
    const link = this.mtproto.currentLink;
    if (link) this.#carriers.get(link)?.notify(this);
  }

  /** The carrier is gone; another one takes over where there is one. @returns whether it was one that the client had used */
  closeLink(link: SessionLink): boolean {
    const wasCarrier = this.#carriers.delete(link);
    this.mtproto.closeLink(link);
    this.notify();
    return wasCarrier;
  }

  /** The carriers that are open for the session. */
  get carriers(): Iterable<Carrier> {
    return this.#carriers.values();
  }
}
