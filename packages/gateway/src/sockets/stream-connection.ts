import {
  decryptMessage, type DecryptedMessage, type FramingName, packetKeyId, type SessionLink, TransportError, type TransportErrorCode, type TransportPacket,
} from '@aerogram/mtproto';
import type { CpuBudget } from '../cpu-budget.ts';
import type { CloseReason } from '../close-reason.ts';
import type { TransportLabel } from '../gateway-metrics.ts';
import type { GatewayServices } from '../gateway-services.ts';
import { isLong, logFault, openLong } from '../long-packets.ts';
import type { Carrier, GatewaySession, KeyEntry } from '../sessions/gateway-session.ts';
import { PacketPlaces } from '../relay/packet-places.ts';
import { loadKey } from '../sessions/load-key.ts';
import type { BytePipe, PipeOwner } from '../byte-pipe.ts';
import { ConnectionAccount } from './connection-account.ts';
import { ConnectionKeys } from './connection-keys.ts';
import { ConnectionLoad, type PausedReader } from './connection-load.ts';
import { ConnectionTimes } from './connection-times.ts';
import { PlainPackets } from './plain-packets.ts';
import { type FramingOwner, StreamFraming } from './stream-framing.ts';
import { type OutputOwner, StreamOutput } from './stream-output.ts';
import type { Watched } from '../watched.ts';

/** Shared by the empty lists of all idle connections; never added to. */
const NONE: readonly never[] = [];

/** One client's stream of packets, over TCP or a WebSocket. */
export class StreamConnection implements Carrier, PipeOwner, FramingOwner, OutputOwner, PausedReader, Watched {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly isForwarded: boolean | undefined;
  readonly #services: GatewayServices;
  readonly #pipe: BytePipe;
  readonly #onHttp: ((bytes: Uint8Array) => void) | undefined;
  #label: TransportLabel;
  readonly #framing: StreamFraming;
  readonly #plain = new PlainPackets();

  /** Packets received and not processed yet. */
  #inbox: readonly TransportPacket[] = NONE;
  /** A packet is waiting for its key or for its decryption, or the inbox is waiting for the scheduler. */
  #working = false;
  /** A packet is being opened in another thread. */
  #opening = false;
  #paused = false;
  #stopped = false;
  readonly #load: ConnectionLoad;
  readonly #output: StreamOutput;
  readonly #account: ConnectionAccount;

  readonly #keys = new ConnectionKeys();
  /** Undefined unless nodes divide the keys between them. */
  readonly #places: PacketPlaces | undefined;
  readonly #times: ConnectionTimes;
  #closedAtMs: number | undefined;

  /** @param onHttp takes the connection over if the client speaks HTTP. Without it, HTTP is a framing error. */
  constructor(pipe: BytePipe, services: GatewayServices, onHttp?: (bytes: Uint8Array) => void) {
    ({ remoteAddress: this.remoteAddress, localAddress: this.localAddress, localPort: this.localPort, isForwarded: this.isForwarded } = pipe);
    this.#pipe = pipe;
    this.#services = services;
    this.#onHttp = onHttp;
    this.#label = pipe.kind === 'tcp' ? 'unknown' : pipe.kind;
    this.#framing = new StreamFraming(services);
    this.#account = new ConnectionAccount(services.accounts);
    this.#times = new ConnectionTimes(services.clock.monotonicMs());
    this.#load = new ConnectionLoad(services.parts, this);
    this.#output = new StreamOutput({ services, pipe, framing: this.#framing, times: this.#times, load: this.#load, owner: this });
    if (services.nodes) this.#places = new PacketPlaces(services, services.nodes, { pipe, times: this.#times, output: this.#output, host: this });
    services.metrics.opened(this.#label);
    services.connections.add(this);
    pipe.open(this);
  }

  onData(chunk: Uint8Array): void {
    this.#guard(() => this.#take(chunk));
  }

  onDrain(): void {
    this.#output.drained();
    this.#workFurther();
  }

  /** Output has left, or there is room for more input. */
  readOn(): void {
    if (this.#closedAtMs !== undefined) return;
    if (this.#inbox.length > 0) this.#workFurther();
    else this.#regulate();
  }

  get account(): string {
    return this.#account.name;
  }

  get budget(): CpuBudget {
    return this.#account.budget;
  }

  onClosed(reason: 'client' | 'network'): void {
    this.close(reason);
    this.#services.connections.delete(this);
  }

  /** A stream connection has its links to itself. */
  readonly aside = undefined;

  linkOf(session: GatewaySession): SessionLink {
    return this.#output.linkOf(session);
  }

  notify(session: GatewaySession): void {
    this.#output.notify(session);
  }

  sendLoose(packet: Uint8Array): void {
    this.#output.sendLoose(packet);
  }

  countRequest(change: 1 | -1, bytes: number): void {
    if (this.#closedAtMs !== undefined) return;
    this.#load.countRequest(change, bytes, this.account);
    if (change === -1 && this.#paused) this.readOn();
  }

  disconnectAfter(delayMs: number): void {
    this.#times.pinged(this.#services.clock.monotonicMs(), delayMs);
  }

  /** Streams do not use long polling. */
  httpWait(): void {}

  finish(reason: CloseReason): void {
    this.#output.flushAll();
    this.close(reason, { end: true });
  }

  forget(session: GatewaySession): void {
    this.#output.forget(session);
  }

  part(session: GatewaySession): void {
    this.#output.flushAll();
    this.forget(session);
    this.#keys.drop(session.entry);
    this.#times.forgetPing();
    this.#places?.moved(session.entry.key.id);
  }

  flushed(): void {
    this.#places?.flushed();
  }

  watch(nowMs: number): void {
    const { limits } = this.#services;
    if (this.#closedAtMs !== undefined) {
      if (nowMs - this.#closedAtMs >= limits.lingerMs) this.#pipe.destroy();
      return;
    }
    this.#output.watch(nowMs);
    const progress = this.#places?.isRelaying === true ? 'used' : this.#keys.progress;
    const reason = this.#places?.overdue(nowMs) ?? this.#times.overdue(nowMs, limits, progress === 'none' && this.#plain.hasBegun ? 'named' : progress);
    if (reason) this.close(reason);
  }

  stopReading(): void {
    this.#stopped = true;
    if (this.#closedAtMs === undefined) this.#regulate();
  }

  close(reason: CloseReason, how: { end: boolean } = { end: false }): void {
    // Sent now, because output that waits for the end of the turn would be lost when the socket ends.
    if (reason === 'shutdown' && how.end) this.#output.flushAll();
    if (this.#closedAtMs !== undefined) return;
    const { clock, metrics, table } = this.#services;
    this.#closedAtMs = clock.monotonicMs();
    this.#inbox = NONE;
    metrics.closed(this.#label, reason);
    this.#places?.close(reason);
    this.#keys.clear();
    this.#load.clear();
    this.#account.leave();
    // Whether the pipe ends or is destroyed, it reports when it is closed; until then the timer watches it.
    for (const [session, link] of this.#output.close(how)) table.closed(session, link, clock.nowMs());
  }

  /** An internal error closes one connection, not the server. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fault(error);
    }
  }

  fault(error: unknown): void {
    logFault(this.#services.log, error, 'a connection failed');
    this.close('fault');
    this.#pipe.destroy();
  }

  #take(chunk: Uint8Array): void {
    if (this.#closedAtMs !== undefined) return;
    const nowMs = this.#services.clock.monotonicMs();
    this.#times.receivedMs = nowMs;
    try {
      const { budget } = this;
      budget.begin();
      const packets = this.#framing.decode(chunk, this);
      budget.end();
      for (const { data } of packets) this.#load.countPacket(1, data.length, this.account);
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
    const { budget } = this;
    budget.begin();
    while (this.#isReady() && taken < this.#inbox.length) {
      const wait = this.#receive(this.#inbox[taken]!);
      taken += 1;
      if (!wait) this.#places?.taken();
      if (wait) {
        this.#working = true;
        wait.then(() => this.#goOn(true), (error: unknown) => this.fault(error));
      } else if (taken < this.#inbox.length && !budget.hasTime) this.#putOff();
    }
    budget.end();
    if (this.#closedAtMs !== undefined) return;
    if (taken > 0) this.#inbox = taken === this.#inbox.length ? NONE : this.#inbox.slice(taken);
    this.#regulate();
  }

  #workFurther(): void {
    if (this.#closedAtMs !== undefined) return;
    if (this.#output.isPutOff) return this.#regulate();
    if (!this.#working) {
      if (this.#services.scheduler.isOverBudget(this.budget)) this.#putOff();
      else this.#services.scheduler.recordArrival(this.budget);
    }
    this.#guard(() => this.#work());
  }

  #goOn(isPacketDone = false): void {
    if (isPacketDone) this.#places?.taken();
    this.#working = false;
    this.#guard(() => this.#work());
  }

  /** Defers the rest, so that other connections are served first. */
  #putOff(): void {
    this.#working = true;
    this.#services.scheduler.deferUntilPaid(() => this.#goOn(), this.budget);
  }

  #isReady(): boolean {
    if (this.#closedAtMs !== undefined || this.#stopped || this.#working || this.#output.isPutOff) return false;
    return !this.#load.isFull && this.#times.congestedSinceMs === undefined;
  }

  /** Reads from the client only while its packets are processed without delay, and while there is room for what it sends. */
  #regulate(): void {
    const wanted = this.#stopped || this.#inbox.length > 0 || this.#waitsForThreads || this.#places?.isFull === true || this.#load.mustPause(this.account);
    if (wanted === this.#paused) return;
    this.#paused = wanted;
    // The client is not slow while nothing is read from it.
    if (wanted) this.#times.partialSinceMs = undefined;
    if (wanted) this.#pipe.pause();
    else this.#pipe.resume();
  }

  /** Whether a packet of this connection is in other threads that have more than enough to do. */
  get #waitsForThreads(): boolean {
    return (this.#opening || this.#output.isSealing) && this.#services.packets.isFull;
  }

  /** @returns a promise if the next packet has to wait */
  #receive(packet: TransportPacket): Promise<void> | undefined {
    const keyId = packetKeyId(packet.data);
    if (keyId === 0n) return this.#receivePlain(packet.data);
    const passed = this.#places?.pass(keyId, packet) ?? 'here';
    if (passed instanceof Promise) return passed.then(() => (this.#closedAtMs === undefined ? this.#receive(packet) : undefined));
    if (passed === 'passed') return this.#load.countPacket(-1, packet.data.length, this.account) as undefined;
    const nowMs = this.#services.clock.nowMs();
    const entry = this.#keys.find(keyId);
    if (entry?.isUsable(nowMs) === true) return this.#receiveEncrypted(entry, packet, nowMs);
    const known = this.#services.keys.peek(keyId, nowMs);
    if (!known) return this.#loadKey(keyId, packet);
    this.#keys.add(known);
    return this.#receiveEncrypted(known, packet, nowMs);
  }

  takeAgain(packets: readonly TransportPacket[]): void {
    for (const { data } of packets) this.#load.countPacket(1, data.length, this.account);
    this.#inbox = [...packets, ...this.#inbox];
    this.#workFurther();
  }

  #receiveEncrypted(entry: KeyEntry, packet: TransportPacket, nowMs: number): Promise<void> | undefined {
    if (this.#keys.isRefused(entry, this.#services.limits.maxSocketsPerKey)) {
      this.refuse(-429, 'key-limit');
      return undefined;
    }
    if (isLong(packet.data)) return this.#receiveLong(entry, packet);
    this.#route(entry, packet, decryptMessage(entry.key, packet.data), nowMs);
    return undefined;
  }

  /** Handles a packet that is opened in another thread; the packets after it wait. */
  async #receiveLong(entry: KeyEntry, packet: TransportPacket): Promise<void> {
    const { clock, packets } = this.#services;
    const bytes = packet.data.length;
    this.#opening = true;
    const message = await openLong(packets, entry, packet.data);
    this.#opening = false;
    if (this.#closedAtMs !== undefined) return;
    // The key may have ended meanwhile; then it is looked up as for any other packet.
    const usable = entry.isUsable(clock.nowMs()) ? entry : await this.#lookUp(entry.key.id);
    if (!usable) return;
    // Its bytes are gone, so the client has to repeat it.
    if (this.#places?.isHere(entry.key.id) === false) return this.close('moved');
    const { budget } = this;
    budget.begin();
    this.#route(usable, packet, message, clock.nowMs());
    budget.end();
    // Its requests are counted now.
    if (this.#closedAtMs === undefined) this.#load.countPacket(-1, bytes, this.account);
  }

  #route(entry: KeyEntry, packet: TransportPacket, message: DecryptedMessage | undefined, nowMs: number): void {
    const received = this.#services.router.receive(this, entry, message, nowMs);
    this.#services.metrics.packet('in');
    if (received.kind === 'undecryptable') return this.close('undecryptable');
    if (received.kind === 'full') return this.refuse(-429, 'key-limit');
    if (received.kind !== 'accepted') return;
    if (this.#places && received.events.some(({ type }) => type === 'request')) this.#places.called(entry.key.id);
    if (received.isNews) {
      this.#keys.count(entry);
      if (this.#closedAtMs === undefined) this.#account.join(received.session.userId);
    }
    if (packet.quickAck) this.#output.sendQuickAck(received.quickAckToken);
  }

  async #loadKey(keyId: bigint, packet: TransportPacket): Promise<void> {
    const found = await this.#lookUp(keyId);
    if (found) return this.#receive(packet);
  }

  /** Finds a key in the store. @returns undefined when the connection is closed because of it */
  async #lookUp(keyId: bigint): Promise<KeyEntry | undefined> {
    const found = await loadKey(this.#services, keyId, this.remoteAddress);
    if (this.#closedAtMs !== undefined) return undefined;
    if (typeof found === 'object') this.#keys.add(found);
    else if (found === 'failed') this.close('store-unreachable');
    else if (found === 'limited') this.refuse(-429, 'address-limit');
    else this.refuse(-404, 'unknown-key');
    return typeof found === 'object' ? found : undefined;
  }

  async #receivePlain(data: Uint8Array): Promise<void> {
    this.#load.countPacket(-1, data.length, this.account);
    const answer = await this.#plain.answer(this.#services, data, this.remoteAddress);
    if (this.#closedAtMs !== undefined) return;
    if (answer.kind === 'packet') return this.sendLoose(answer.packet);
    if (answer.kind === 'error') return this.refuse(answer.code, answer.code === -429 ? 'address-limit' : 'handshake');
    if (answer.kind === 'failed') this.close('store-unreachable');
  }

  /** Sends a transport error and closes. */
  refuse(code: TransportErrorCode, reason: CloseReason): void {
    if (this.#closedAtMs !== undefined) return;
    this.#output.sendError(code);
    this.close(reason, { end: true });
  }
}
