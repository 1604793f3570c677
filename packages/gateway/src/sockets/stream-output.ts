import { freeBytes, isSealed, LONG_PACKET_BYTES, type OutgoingPacket, SessionLink, type TransportErrorCode } from '@aerogram/mtproto';
import type { CpuBudget } from '../cpu-budget.ts';
import type { GatewayServices } from '../gateway-services.ts';
import type { GatewaySession } from '../sessions/gateway-session.ts';
import { SmallMap } from '../small-map.ts';
import type { BytePipe } from '../byte-pipe.ts';
import type { ConnectionLoad } from './connection-load.ts';
import type { ConnectionTimes } from './connection-times.ts';
import type { Flushable } from './flush-queue.ts';
import { OutgoingLine } from './outgoing-line.ts';
import type { StreamFraming } from './stream-framing.ts';

/** When this many bytes are unsent or being sealed, nothing more is packed for the client. When they are unsent, nothing is read from it. */
export const CONGESTED_BYTES = 1024 * 1024;
/** How many bytes are encrypted for one connection before the others are served. */
const FLUSH_BYTES = 256 * 1024;

/** The connection that sends. */
export interface OutputOwner {
  readonly budget: CpuBudget;
  /** The account that its packets are counted for. */
  readonly account: string;
  /** Called when something has left, so that the connection may be able to read on. */
  readOn(): void;
  /** Called when all packets that belong to no session have left. */
  flushed(): void;
  fault(error: unknown): void;
}

export interface StreamOutputDeps {
  services: GatewayServices;
  pipe: BytePipe;
  framing: StreamFraming;
  times: ConnectionTimes;
  load: ConnectionLoad;
  owner: OutputOwner;
}

/** The sending half of a stream connection. */
export class StreamOutput implements Flushable {
  readonly #deps: StreamOutputDeps;
  readonly #links = new SmallMap<GatewaySession, SessionLink>();
  /** Sessions that have something to send. */
  readonly #dirty = new SmallMap<GatewaySession, true>();
  /** Framed packets to send; undefined while there are none. */
  #out: Uint8Array[] | undefined;
  /** Packets that are being sealed, and those behind them. Undefined in connections that never had a long packet. */
  #line: OutgoingLine | undefined;
  /** The queued output is waiting for the scheduler. Until it is sent, no packet that may need an answer is processed. */
  #isPutOff = false;
  /** Bytes given to the pipe so far … */
  #written = 0;
  /** … and how many of them the client had read at the last look, as far as the system tells. */
  #read = 0;
  /** ending: nothing more is packed, and the pipe ends when everything has been sealed. */
  #state: 'open' | 'ending' | 'closed' = 'open';

  constructor(deps: StreamOutputDeps) {
    this.#deps = deps;
  }

  get isPutOff(): boolean {
    return this.#isPutOff;
  }

  /** Whether packets of this connection are being sealed. */
  get isSealing(): boolean {
    return this.#line?.isEmpty === false;
  }

  linkOf(session: GatewaySession): SessionLink {
    let link = this.#links.get(session);
    if (!link) {
      link = new SessionLink();
      this.#links.set(session, link);
    }
    return link;
  }

  forget(session: GatewaySession): void {
    this.#links.delete(session);
    this.#dirty.delete(session);
  }

  /** Records that a session has something to send. */
  notify(session: GatewaySession): void {
    if (this.#state !== 'open') return;
    this.#dirty.set(session, true);
    if (this.#deps.times.congestedSinceMs === undefined) this.flushSoon();
  }

  /** Sends a packet that belongs to no session. It may leave before packets that are being sealed. */
  sendLoose(packet: Uint8Array): void {
    const { encoder } = this.#deps.framing;
    if (encoder) this.#sendFramed(encoder.packet(packet));
  }

  sendQuickAck(token: number): void {
    const { encoder } = this.#deps.framing;
    if (encoder) this.#sendFramed(encoder.quickAck(token));
  }

  /** Sends a transport error at once. */
  sendError(code: TransportErrorCode): void {
    const { pipe, framing } = this.#deps;
    if (framing.encoder) pipe.write([...(this.#out ?? []), framing.encoder.error(code)]);
    this.#out = undefined;
  }

  /** Sends at the end of this turn of the event loop or, if the account is over its CPU budget, when the scheduler allows it. */
  flushSoon(): void {
    const { services: { scheduler, flushes }, owner } = this.#deps;
    if (this.#isPutOff) return;
    if (!scheduler.isOverBudget(owner.budget)) return flushes.add(this);
    this.#isPutOff = true;
    scheduler.defer(() => {
      this.#isPutOff = false;
      this.flush();
      owner.readOn();
    }, owner.budget);
  }

  /** Sends what is queued, as far as the client reads it. */
  flush(): void {
    const wasSealing = this.isSealing;
    this.#flush(FLUSH_BYTES);
    if (wasSealing) this.#deps.owner.readOn();
  }

  /** Sends as much as the client can be expected to read, at once. */
  flushAll(): void {
    this.#flush(CONGESTED_BYTES);
  }

  /** Called when the client has read everything. */
  drained(): void {
    this.#deps.times.congestedSinceMs = undefined;
    this.#countUnsent();
    this.flushSoon();
  }

  /** Looks whether the client reads what is long. What it does not read takes room from others, also when it is too little to be congested. */
  watch(nowMs: number): void {
    const { services, pipe, times } = this.#deps;
    if (services.nodes && (this.#out || this.#dirty.size > 0)) this.flushSoon();
    const read = this.#written - pipe.unsentBytes;
    if (pipe.unsentBytes >= LONG_PACKET_BYTES && read <= this.#read) {
      times.unreadSinceMs ??= nowMs;
      return;
    }
    this.#read = read;
    times.unreadSinceMs = undefined;
  }

  /**
   * Stops packing. @param how `end`: what has been packed is still sent, then the pipe is closed; otherwise it is closed at once
   * @returns the links, which are closed
   */
  close({ end }: { end: boolean }): (readonly [GatewaySession, SessionLink])[] {
    const { pipe } = this.#deps;
    const links = [...this.#links];
    this.#links.clear();
    this.#dirty.clear();
    this.#state = end && this.isSealing ? 'ending' : 'closed';
    if (!end) pipe.destroy();
    else if (this.#state === 'closed') pipe.end();
    return links;
  }

  #sendFramed(bytes: Uint8Array): void {
    if (this.#state !== 'open') return;
    (this.#out ??= []).push(bytes);
    this.flushSoon();
  }

  #flush(mostBytes: number): void {
    try {
      this.#send(mostBytes);
    } catch (error) {
      this.#deps.owner.fault(error);
    }
  }

  #send(mostBytes: number): void {
    const { services, pipe, framing: { encoder }, times, owner } = this.#deps;
    const { budget } = owner;
    if (this.#state !== 'open' || !encoder) return;
    // `watch` tries again.
    if (services.nodes?.mayAnswer() === false) return;
    budget.begin();
    const out = this.#out ?? [];
    this.#out = undefined;
    if (this.#line) this.#frameReady(this.#line, out);
    let room = Math.min(CONGESTED_BYTES - this.#unsentBytes, mostBytes);
    for (const packet of out) room -= packet.length;
    const nowMs = services.clock.nowMs();
    for (const session of this.#dirty.keys()) {
      const link = this.#links.get(session);
      while (link && room > 0) {
        const packet = session.takeOutgoing(link, nowMs, FLUSH_BYTES);
        if (!packet) break;
        room -= this.#put(packet, out);
        services.metrics.packet('out');
      }
      if (room <= 0) break;
      this.#dirty.delete(session);
      // A link over which nothing new arrived was for this one answer.
      if (link && !link.used) this.#links.delete(session);
    }
    if (out.length > 0) pipe.write(out);
    for (const packet of out) this.#written += packet.length;
    budget.end();
    this.#countUnsent();
    if (pipe.unsentBytes >= CONGESTED_BYTES) times.congestedSinceMs ??= services.clock.monotonicMs();
    else if (this.#dirty.size > 0 && this.#unsentBytes < CONGESTED_BYTES) this.flushSoon();
    if (services.nodes) owner.flushed();
  }

  /** Frames a packet, or lets it wait until it and those before it are sealed. @returns its length in bytes */
  #put(packet: OutgoingPacket, out: Uint8Array[]): number {
    if (isSealed(packet) && !this.isSealing) {
      const framed = this.#deps.framing.encoder!.packet(packet);
      out.push(framed);
      return framed.length;
    }
    const { packets } = this.#deps.services;
    this.#line ??= new OutgoingLine({
      seal: (unsealed) => packets.sealPacket(unsealed, this.#deps.owner.account),
      onReady: () => this.#sealed(),
      onError: (error) => this.#state !== 'closed' && this.#deps.owner.fault(error),
    });
    const before = this.#line.bytes;
    this.#line.add(packet);
    return this.#line.bytes - before;
  }

  #frameReady(line: OutgoingLine, out: Uint8Array[]): void {
    for (const packet of line.takeReady()) {
      out.push(this.#deps.framing.encoder!.packet(packet));
      freeBytes(packet);
    }
  }

  #sealed(): void {
    const { pipe, framing: { encoder } } = this.#deps;
    if (this.#state === 'open') return this.flushSoon();
    if (this.#state === 'closed' || !encoder || !this.#line) return;
    const out: Uint8Array[] = [];
    this.#frameReady(this.#line, out);
    pipe.write(out);
    if (this.#line.isEmpty) pipe.end();
  }

  /** Bytes that are being sealed, and those that the system has not taken yet. */
  get #unsentBytes(): number {
    return this.#deps.pipe.unsentBytes + (this.#line?.bytes ?? 0);
  }

  #countUnsent(): void {
    this.#deps.load.setUnsent(this.#unsentBytes, this.#deps.owner.account);
  }
}
