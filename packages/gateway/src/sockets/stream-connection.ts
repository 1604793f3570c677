import {
  decryptMessage, type FramingName, HandshakeRuns, packetKeyId, SessionLink, TransportError, type TransportErrorCode, type TransportPacket,
} from '@aerogram/mtproto';
import { CpuBudget } from '../cpu-budget.ts';
import type { CloseReason } from '../close-reason.ts';
import type { TransportLabel } from '../gateway-metrics.ts';
import { answerPlain, type GatewayServices } from '../gateway-services.ts';
import { decryptLong, isLong } from '../long-packets.ts';
import type { Carrier, GatewaySession, KeyEntry } from '../sessions/gateway-session.ts';
import { loadKey } from '../sessions/load-key.ts';
import type { Received } from '../sessions/session-table.ts';
import { SmallMap } from '../small-map.ts';
import type { BytePipe, PipeOwner } from './byte-pipe.ts';
import { ConnectionKeys } from './connection-keys.ts';
import { ConnectionTimes } from './connection-times.ts';
import { RequestLoad } from './request-load.ts';
import { type FramingOwner, StreamFraming } from './stream-framing.ts';
import type { Watched } from './watched.ts';

/** When this many bytes are unsent, nothing more is packed for the client and nothing is read from it. */
const CONGESTED_BYTES = 1024 * 1024;
/** How many bytes are encrypted for one connection before the others are served. */
const FLUSH_BYTES = 256 * 1024;
/** Shared by the empty lists of all idle connections; never added to. */
const NONE: readonly never[] = [];

/** One client's stream of packets, over TCP or a WebSocket. */
export class StreamConnection implements Carrier, PipeOwner, FramingOwner, Watched {
  readonly #services: GatewayServices;
  readonly #pipe: BytePipe;
  readonly #onHttp: ((bytes: Uint8Array) => void) | undefined;
  #label: TransportLabel;
  readonly #framing: StreamFraming;
  #handshakes: HandshakeRuns | undefined;

  /** Packets received and not processed yet. */
  #inbox: readonly TransportPacket[] = NONE;
  /** A packet is waiting for its key or for its decryption, or the inbox is waiting for the scheduler. */
  #working = false;
  /** The queued output is waiting for the scheduler. Until it is sent, no packet that may need an answer is processed. */
  #flushPutOff = false;
  #paused = false;
  #stopped = false;
  readonly #requests = new RequestLoad();
  readonly budget = new CpuBudget();

  readonly #keys = new ConnectionKeys();
  readonly #links = new SmallMap<GatewaySession, SessionLink>();
  /** Sessions that have something to send. */
  readonly #dirty = new SmallMap<GatewaySession, true>();
  /** Framed packets to send; undefined while there are none. */
  #out: Uint8Array[] | undefined;

  readonly #times: ConnectionTimes;
  #closedAtMs: number | undefined;

  /** @param onHttp takes the connection over if the client speaks HTTP. Without it, HTTP is a framing error. */
  constructor(pipe: BytePipe, services: GatewayServices, onHttp?: (bytes: Uint8Array) => void) {
    this.#pipe = pipe;
    this.#services = services;
    this.#onHttp = onHttp;
    this.#label = pipe.kind === 'websocket' ? 'websocket' : 'unknown';
    this.#framing = new StreamFraming(services.random);
    this.#times = new ConnectionTimes(services.clock.monotonicMs());
    services.metrics.opened(this.#label);
    services.connections.add(this);
    pipe.open(this);
  }

  get remoteAddress(): string {
    return this.#pipe.remoteAddress;
  }

  get localAddress(): string {
    return this.#pipe.localAddress;
  }

  get localPort(): number {
    return this.#pipe.localPort;
  }

  onData(chunk: Uint8Array): void {
    this.#guard(() => this.#take(chunk));
  }

  onDrain(): void {
    this.#times.congestedSinceMs = undefined;
    this.#flushSoon();
    this.#workFurther();
  }

  onClosed(reason: 'client' | 'network'): void {
    this.close(reason);
    this.#services.connections.delete(this);
  }

  /** A stream connection has its links to itself. */
  readonly aside = undefined;

  linkOf(session: GatewaySession): SessionLink {
    let link = this.#links.get(session);
    if (!link) {
      link = new SessionLink();
      this.#links.set(session, link);
    }
    return link;
  }

  notify(session: GatewaySession): void {
    if (this.#closedAtMs !== undefined) return;
    this.#dirty.set(session, true);
    if (this.#times.congestedSinceMs === undefined) this.#flushSoon();
  }

  sendLoose(packet: Uint8Array): void {
    if (!this.#framing.encoder || this.#closedAtMs !== undefined) return;
    (this.#out ??= []).push(this.#framing.encoder.packet(packet));
    this.#flushSoon();
  }

  countRequest(change: 1 | -1, bytes: number): void {
    this.#requests.count(change, bytes);
    if (change === -1 && this.#inbox.length > 0) this.#workFurther();
  }

  disconnectAfter(delayMs: number): void {
    this.#times.disconnectAtMs = this.#services.clock.monotonicMs() + delayMs;
  }

  /** Streams do not use long polling. */
  httpWait(): void {}

  finish(reason: CloseReason): void {
    this.#guard(() => this.#flush(CONGESTED_BYTES));
    this.close(reason, { end: true });
  }

  forget(session: GatewaySession): void {
    this.#links.delete(session);
    this.#dirty.delete(session);
  }

  /** Sends what is queued, as far as the client reads it. */
  flush(): void {
    this.#guard(() => this.#flush(FLUSH_BYTES));
  }

  #flush(mostBytes: number): void {
    if (this.#closedAtMs !== undefined || !this.#framing.encoder) return;
    const nowMs = this.#services.clock.nowMs();
    this.budget.begin();
    const out = this.#out ?? [];
    this.#out = undefined;
    let room = Math.min(CONGESTED_BYTES - this.#pipe.unsentBytes, mostBytes);
    for (const packet of out) room -= packet.length;
    for (const session of this.#dirty.keys()) {
      const link = this.#links.get(session);
      while (link && room > 0) {
        const packet = session.takeOutgoing(link, nowMs, FLUSH_BYTES);
        if (!packet) break;
        const framed = this.#framing.encoder.packet(packet);
        room -= framed.length;
        out.push(framed);
        this.#services.metrics.packet('out');
      }
      if (room <= 0) break;
      this.#dirty.delete(session);
      // A link over which nothing new arrived was for this one answer.
      if (link && !link.used) this.#links.delete(session);
    }
    if (out.length > 0) this.#pipe.write(out);
    this.budget.end();
    if (this.#pipe.unsentBytes >= CONGESTED_BYTES) this.#times.congestedSinceMs ??= this.#services.clock.monotonicMs();
    else if (this.#dirty.size > 0) this.#flushSoon();
  }

  /** Sends at the end of this turn of the event loop or, if the connection is over its CPU budget, when the scheduler allows it. */
  #flushSoon(): void {
    const { scheduler, flushes } = this.#services;
    if (this.#flushPutOff) return;
    if (!scheduler.isOverBudget(this.budget)) return flushes.add(this);
    this.#flushPutOff = true;
    scheduler.defer(() => {
      this.#flushPutOff = false;
      this.flush();
      this.#workFurther();
    }, this.budget);
  }

  watch(nowMs: number): void {
    const { limits } = this.#services;
    if (this.#closedAtMs !== undefined) {
      if (nowMs - this.#closedAtMs >= limits.lingerMs) this.#pipe.destroy();
      return;
    }
    const { progress } = this.#keys;
    const reason = this.#times.overdue(nowMs, limits, progress === 'none' && this.#handshakes ? 'named' : progress);
    if (reason) this.close(reason);
  }

  stopReading(): void {
    this.#stopped = true;
    if (this.#closedAtMs === undefined) this.#regulate();
  }

  close(reason: CloseReason, how: { end: boolean } = { end: false }): void {
    // Sent now, because output that waits for the end of the turn would be lost when the socket ends.
    if (reason === 'shutdown' && how.end) this.#guard(() => this.#flush(CONGESTED_BYTES));
    if (this.#closedAtMs !== undefined) return;
    const { clock, metrics, table } = this.#services;
    this.#closedAtMs = clock.monotonicMs();
    this.#inbox = NONE;
    this.#dirty.clear();
    metrics.closed(this.#label, reason);
    this.#keys.clear();
    const links = [...this.#links];
    this.#links.clear();
    for (const [session, link] of links) table.closed(session, link, clock.nowMs());
    // In both cases the pipe reports when it is closed; until then the timer watches it.
    if (how.end) this.#pipe.end();
    else this.#pipe.destroy();
  }

  /** An internal error closes one connection, not the server. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    this.#services.log.error({ err: error }, 'a connection failed');
    this.close('fault');
  }

  #take(chunk: Uint8Array): void {
    if (this.#closedAtMs !== undefined) return;
    const nowMs = this.#services.clock.monotonicMs();
    this.#times.receivedMs = nowMs;
    try {
      this.budget.begin();
      const packets = this.#framing.decode(chunk, this);
      this.budget.end();
      if (packets.length > 0) this.#times.partialSinceMs = undefined;
      else this.#times.partialSinceMs ??= nowMs;
      this.#inbox = this.#inbox.length === 0 ? packets : [...this.#inbox, ...packets];
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#services.log.debug({ violation: error.violation }, 'a client broke the framing');
      return this.close('framing');
    }
    this.#workFurther();
  }

  recognised(framing: FramingName): void {
    if (this.#label !== 'unknown') return;
    this.#services.metrics.recognised(this.#label, framing);
    this.#label = framing;
  }

  handOver(bytes: Uint8Array): boolean {
    if (!this.#onHttp) return false;
    // The HTTP server owns the connection from now on and counts it.
    this.#closedAtMs = this.#services.clock.monotonicMs();
    this.#services.metrics.recognised(this.#label, 'http');
    this.#services.connections.delete(this);
    this.#onHttp(bytes);
    return true;
  }

  /** Processes the received packets in order, as far as possible now. */
  #work(): void {
    let taken = 0;
    this.budget.begin();
    while (this.#isReady() && taken < this.#inbox.length) {
      const wait = this.#receive(this.#inbox[taken]!);
      taken += 1;
      if (wait) {
        this.#working = true;
        wait.then(() => this.#goOn(), (error: unknown) => this.#fault(error));
      } else if (taken < this.#inbox.length && !this.budget.hasTime) this.#putOff();
    }
    this.budget.end();
    if (this.#closedAtMs !== undefined) return;
    if (taken > 0) this.#inbox = taken === this.#inbox.length ? NONE : this.#inbox.slice(taken);
    this.#regulate();
  }

  #workFurther(): void {
    if (this.#closedAtMs !== undefined) return;
    if (this.#flushPutOff) return this.#regulate();
    if (!this.#working) {
      if (this.#services.scheduler.isOverBudget(this.budget)) this.#putOff();
      else this.#services.scheduler.recordArrival(this.budget);
    }
    this.#guard(() => this.#work());
  }

  #goOn(): void {
    this.#working = false;
    this.#guard(() => this.#work());
  }

  /** Defers the rest, so that other connections are served first. */
  #putOff(): void {
    this.#working = true;
    this.#services.scheduler.deferUntilPaid(() => this.#goOn(), this.budget);
  }

  #isReady(): boolean {
    if (this.#closedAtMs !== undefined || this.#stopped || this.#working || this.#flushPutOff) return false;
    return !this.#requests.isFull && this.#times.congestedSinceMs === undefined;
  }

  /** Reads from the client only while its packets are processed without delay. */
  #regulate(): void {
    const wanted = this.#stopped || this.#inbox.length > 0;
    if (wanted === this.#paused) return;
    this.#paused = wanted;
    if (wanted) this.#pipe.pause();
    else this.#pipe.resume();
  }

  /** @returns a promise if the next packet has to wait */
  #receive(packet: TransportPacket): Promise<void> | undefined {
    const keyId = packetKeyId(packet.data);
    if (keyId === 0n) return this.#receivePlain(packet.data);
    const nowMs = this.#services.clock.nowMs();
    const entry = this.#keys.find(keyId);
    if (entry?.isUsable(nowMs) === true) return this.#receiveEncrypted(entry, packet, nowMs);
    const known = this.#services.keys.peek(keyId, nowMs);
    if (!known) return this.#loadKey(keyId, packet);
    this.#keys.add(known);
    return this.#receiveEncrypted(known, packet, nowMs);
  }

  #receiveEncrypted(entry: KeyEntry, packet: TransportPacket, nowMs: number): Promise<void> | undefined {
    if (this.#keys.isRefused(entry, this.#services.limits.maxSocketsPerKey)) {
      this.#fail(-429, 'key-limit');
      return undefined;
    }
    if (isLong(packet.data)) return this.#receiveLong(entry, packet);
    this.#received(entry, packet, this.#services.router.receive(this, entry, decryptMessage(entry.key, packet.data), nowMs));
    return undefined;
  }

  /** Handles a packet that takes long to decrypt; the packets after it wait. */
  async #receiveLong(entry: KeyEntry, packet: TransportPacket): Promise<void> {
    const { clock, packets, router, scheduler } = this.#services;
    const message = await decryptLong(packets, entry.key, packet.data);
    if (this.#closedAtMs !== undefined) return;
    scheduler.chargeBytes(this.budget, packet.data.length);
    const nowMs = clock.nowMs();
    // The key may have ended meanwhile; then it is looked up as for any other packet.
    if (!entry.isUsable(nowMs)) return this.#receive(packet);
    this.budget.begin();
    this.#received(entry, packet, router.receive(this, entry, message, nowMs));
    this.budget.end();
  }

  #received(entry: KeyEntry, packet: TransportPacket, received: Received): void {
    this.#services.metrics.packet('in');
    if (received.kind === 'undecryptable') return this.close('undecryptable');
    if (received.kind === 'full') return this.#fail(-429, 'key-limit');
    if (received.kind !== 'accepted') return;
    if (received.isNews) this.#keys.count(entry);
    if (packet.quickAck) {
      (this.#out ??= []).push(this.#framing.encoder!.quickAck(received.quickAckToken));
      this.#flushSoon();
    }
  }

  async #loadKey(keyId: bigint, packet: TransportPacket): Promise<void> {
    const found = await loadKey(this.#services, keyId, this.remoteAddress);
    if (this.#closedAtMs !== undefined) return;
    if (found === 'failed') return this.close('store-unreachable');
    if (found === 'limited') return this.#fail(-429, 'address-limit');
    if (found === 'absent') return this.#fail(-404, 'unknown-key');
    this.#keys.add(found);
    return this.#receiveEncrypted(found, packet, this.#services.clock.nowMs());
  }

  async #receivePlain(data: Uint8Array): Promise<void> {
    this.#handshakes ??= new HandshakeRuns(this.#services.handshake);
    const answer = await answerPlain(this.#services, this.#handshakes, data, this.remoteAddress);
    if (this.#closedAtMs !== undefined) return;
    if (answer.kind === 'packet') return this.sendLoose(answer.packet);
    if (answer.kind === 'error') return this.#fail(answer.code, answer.code === -429 ? 'address-limit' : 'handshake');
    if (answer.kind === 'failed') this.close('store-unreachable');
  }

  /** Sends a transport error and closes. */
  #fail(code: TransportErrorCode, reason: CloseReason): void {
    if (this.#closedAtMs !== undefined) return;
    if (this.#framing.encoder) this.#pipe.write([...(this.#out ?? []), this.#framing.encoder.error(code)]);
    this.close(reason, { end: true });
  }
}
