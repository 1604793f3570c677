import { isSealed, type OutgoingPacket, SessionLink, type UnsealedPacket } from '@aerogram/mtproto';
import type { Clock, TimerHandle } from '@aerogram/runtime';
import type { HttpWait } from '../carrier.ts';
import type { GatewaySession } from '../sessions/gateway-session.ts';

/** An HTTP request that waits for a packet. */
export interface WaitingRequest {
  readonly wait: HttpWait;
  /** False while calls that came with the request are not answered yet, unless the client sent `http_wait` with it. */
  readonly isReady: boolean;
  /** Answers the request with a packet, or as soon as the packet is sealed. */
  respond(packet: Uint8Array | Promise<Uint8Array>): void;
}

/** Seals a long packet in another thread. */
export type Seal = (packet: UnsealedPacket) => Promise<Uint8Array>;

interface Waiting {
  request: WaitingRequest;
  timer: TimerHandle;
}

/** Requests of one session that may wait at once. When one more comes, the one that has waited longest is answered. */
const MAX_WAITING = 8;

/**
 * All open HTTP requests of one session. The session's packets go to the request that has waited longest, after the delays that the client
 * asked for with `http_wait`.
 * @see https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
 */
export class HttpChannel {
  readonly session: GatewaySession;
  readonly #clock: Clock;
  readonly #seal: Seal;
  #link = new SessionLink();
  /** Longest waiting first. */
  readonly #waiting: Waiting[] = [];
  /** When the first and the last of the queued messages were queued. */
  #firstMs: number | undefined;
  #lastMs = 0;
  #delay: TimerHandle | undefined;
  #usedMs: number;

  constructor(session: GatewaySession, clock: Clock, seal: Seal) {
    this.session = session;
    this.#clock = clock;
    this.#seal = seal;
    this.#usedMs = clock.nowMs();
  }

  get link(): SessionLink {
    return this.#link;
  }

  /** Whether no request has come or waited for `forMs` milliseconds. */
  isUnused(nowMs: number, forMs: number): boolean {
    return this.#waiting.length === 0 && nowMs - this.#usedMs >= forMs;
  }

  /** Adds a request that waits for a packet. */
  add(request: WaitingRequest): void {
    this.#usedMs = this.#clock.nowMs();
    const entry = { request, timer: this.#clock.setTimeout(() => this.#release(request), request.wait.maxWaitMs) };
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) this.#release(this.#waiting[0]!.request);
    this.flush();
  }

  /** Removes a request that closed unanswered. */
  drop(request: WaitingRequest): void {
    const index = this.#waiting.findIndex((entry) => entry.request === request);
    if (index === -1) return;
    this.#waiting[index]!.timer.cancel();
    this.#waiting.splice(index, 1);
  }

  /** Called when a response did not arrive: the next response carries its content again. */
  lose(): void {
    const lost = this.#link;
    this.#link = new SessionLink();
    this.session.closeLink(lost, this.#clock.nowMs());
  }

  /** Called when the session has something to send. */
  arrived(): void {
    this.#lastMs = this.#clock.nowMs();
    this.#firstMs ??= this.#lastMs;
    this.flush();
  }

  /** Sends what is ready over the waiting requests. */
  flush(): void {
    const nowMs = this.#clock.nowMs();
    const { mtproto } = this.session;
    while (mtproto.hasOutgoing(this.#link, nowMs)) {
      const entry = this.#waiting.find(({ request }) => request.isReady);
      if (!entry) return;
      const { wait } = entry.request;
      const dueMs = Math.min((this.#firstMs ?? nowMs) + wait.maxDelayMs, this.#lastMs + wait.waitAfterMs);
      if (dueMs > nowMs) return this.#later(dueMs - nowMs);
      const packet = this.session.takeOutgoing(this.#link, nowMs);
      if (!packet) break;
      this.#respond(entry, packet);
    }
    if (!mtproto.hasOutgoing(this.#link, nowMs)) this.#firstMs = undefined;
  }

  /** Answers all waiting requests, because the session or the server ends. */
  close(): void {
    for (const { request } of this.#waiting.slice()) this.#release(request);
    this.#delay?.cancel();
  }

  #later(delayMs: number): void {
    this.#delay?.cancel();
    this.#delay = this.#clock.setTimeout(() => this.flush(), delayMs);
  }

  /** Answers a request with what is queued, or with acknowledgements only. */
  #release(request: WaitingRequest): void {
    const entry = this.#waiting.find((candidate) => candidate.request === request);
    if (!entry) return;
    this.#respond(entry, this.session.mtproto.takeIdle(this.#link, this.#clock.nowMs()) ?? new Uint8Array(0));
  }

  #respond(entry: Waiting, packet: OutgoingPacket): void {
    this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    entry.timer.cancel();
    this.#usedMs = this.#clock.nowMs();
    entry.request.respond(isSealed(packet) ? packet : this.#seal(packet));
  }
}
