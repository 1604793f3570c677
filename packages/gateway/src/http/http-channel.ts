import { SessionLink } from '@aerogram/mtproto';
import type { Clock, TimerHandle } from '@aerogram/runtime';
import type { HttpWait } from '../carrier.ts';
import type { GatewaySession } from '../sessions/gateway-session.ts';

/** An HTTP request that waits for a packet. */
export interface WaitingRequest {
  readonly wait: HttpWait;
  /** Answers with a packet. */
  respond(packet: Uint8Array): void;
}

/** Requests of one session that may wait at once; a further one sends the first away. */
const MAX_WAITING = 8;

/**
 * The HTTP requests of one session together: what the session has to say is given to the one that waits longest,
 * after the delays that the client asked for with `http_wait`.
 * @see https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
 */
export class HttpChannel {
  readonly session: GatewaySession;
  readonly #clock: Clock;
  #link = new SessionLink();
  /** Longest waiting first. */
  readonly #waiting: { request: WaitingRequest; timer: TimerHandle }[] = [];
  /** When the first and the last of the messages came that wait now. */
  #firstMs: number | undefined;
  #lastMs = 0;
  #delay: TimerHandle | undefined;
  #usedMs: number;

  constructor(session: GatewaySession, clock: Clock) {
    this.session = session;
    this.#clock = clock;
    this.#usedMs = clock.nowMs();
  }

  get link(): SessionLink {
    return this.#link;
  }

  /** Whether no request has waited or come for so long. */
  isUnused(nowMs: number, forMs: number): boolean {
    return this.#waiting.length === 0 && nowMs - this.#usedMs >= forMs;
  }

  /** A request waits for a packet from now on. */
  add(request: WaitingRequest): void {
    this.#usedMs = this.#clock.nowMs();
    const entry = { request, timer: this.#clock.setTimeout(() => this.#release(request), request.wait.maxWaitMs) };
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) this.#release(this.#waiting[0]!.request);
    this.flush();
  }

  /** The request is gone unanswered. */
  drop(request: WaitingRequest): void {
    const index = this.#waiting.findIndex((entry) => entry.request === request);
    if (index === -1) return;
    this.#waiting[index]!.timer.cancel();
    this.#waiting.splice(index, 1);
  }

  /** A response did not arrive: what it carried goes out again with the next one. */
  lose(): void {
    const lost = this.#link;
    this.#link = new SessionLink();
    this.session.closeLink(lost);
  }

  /** The session has something to say. */
  arrived(): void {
    this.#lastMs = this.#clock.nowMs();
    this.#firstMs ??= this.#lastMs;
    this.flush();
  }

  /** Gives what is ready to the requests that wait. */
  flush(): void {
    const nowMs = this.#clock.nowMs();
    const { mtproto } = this.session;
    while (this.#waiting.length > 0 && mtproto.hasOutgoing(this.#link, nowMs)) {
      const { wait } = this.#waiting[0]!.request;
      const dueMs = Math.min((this.#firstMs ?? nowMs) + wait.maxDelayMs, this.#lastMs + wait.waitAfterMs);
      if (dueMs > nowMs) return this.#later(dueMs - nowMs);
      const packet = mtproto.takeOutgoing(this.#link, nowMs);
      if (!packet) break;
      this.#respond(packet);
    }
    if (!mtproto.hasOutgoing(this.#link, nowMs)) this.#firstMs = undefined;
  }

  /** Answers every request that waits; the session or the server ends. */
  close(): void {
    while (this.#waiting.length > 0) this.#release(this.#waiting[0]!.request);
    this.#delay?.cancel();
  }

  #later(delayMs: number): void {
    this.#delay?.cancel();
    this.#delay = this.#clock.setTimeout(() => this.flush(), delayMs);
  }

  #release(request: WaitingRequest): void {
    const index = this.#waiting.findIndex((entry) => entry.request === request);
    if (index === -1) return;
    this.#waiting.unshift(...this.#waiting.splice(index, 1));
    const packet = this.session.mtproto.takeIdle(this.#link, this.#clock.nowMs());
    if (packet) this.#respond(packet);
  }

  #respond(packet: Uint8Array): void {
    const entry = this.#waiting.shift();
    if (!entry) return;
    entry.timer.cancel();
    this.#usedMs = this.#clock.nowMs();
    entry.request.respond(packet);
  }
}
