import type { Clock, Logger, Metrics, TimerHandle } from '@aerogram/runtime';
import { readRefusal, readRequest, type Refusal, writeRefusal } from './bodies.ts';
import { FRAME, LinkFault } from './frames.ts';
import { CallRefused, LinkError } from './link-error.ts';
import { linkCalls } from './link-metrics.ts';

/** Answers calls of one kind. What it throws is told as `failed`, without a word, or with its words if it is a CallRefused. */
export type CallHandler = (body: Uint8Array, from: string) => Uint8Array | Promise<Uint8Array>;

interface Needs {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  limits: { maxCalls: number; maxBodyBytes: number };
  calls: ReadonlyMap<string, CallHandler>;
  send(frame: { kind: number; channel: number; body: Uint8Array; onSent?: () => void }): void;
  hasRoom(bytes: number): boolean;
  nameOf(): string;
}

interface Waiting {
  resolve(answer: Uint8Array): void;
  reject(error: LinkError): void;
  timer: TimerHandle;
}

/** Calls over one link, in both directions. */
export class LinkCalls {
  readonly #needs: Needs;
  readonly #waiting = new Map<number, Waiting>();
  /** Ids of the calls of the other end that are not answered, or whose answers are not sent. */
  readonly #incoming = new Set<number>();
  #lastId = 0;
  #isEnded = false;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** @param request see writeRequest. @throws LinkError; never waits longer than `timeoutMs` */
  call(request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const { limits, clock, send, hasRoom } = this.#needs;
    if (this.#isEnded) return this.#fail('down');
    if (request.length > limits.maxBodyBytes || this.#waiting.size >= limits.maxCalls || !hasRoom(request.length)) return this.#fail('busy');
    const id = this.#nextId();
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => this.#settle(id, new LinkError('timeout')), timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      send({ kind: FRAME.call, channel: id, body: request });
    });
  }

  /** Takes a whole frame of another kind than those of the link itself. */
  take(kind: number, id: number, body: Uint8Array): void {
    if (kind === FRAME.call) {
      const request = readRequest(body);
      if (this.#incoming.has(id)) throw new LinkFault('two calls with one id');
      void this.#serve(id, request);
    } else if (kind === FRAME.answer) this.#settle(id, body);
    else if (kind === FRAME.refusal) {
      const { reason, words } = readRefusal(body);
      this.#settle(id, new LinkError(reason, words));
    }
  }

  /** Rejects all calls under way. */
  end(reason: string): void {
    this.#isEnded = true;
    for (const id of this.#waiting.keys()) this.#settle(id, new LinkError('down', `the link ended: ${reason}`));
  }

  #fail(reason: 'down' | 'busy'): Promise<never> {
    this.#count(reason);
    return Promise.reject(new LinkError(reason));
  }

  #nextId(): number {
    do this.#lastId = (this.#lastId + 1) >>> 0;
    while (this.#waiting.has(this.#lastId));
    return this.#lastId;
  }

  /** Answers that come too late belong to nobody. */
  #settle(id: number, outcome: Uint8Array | LinkError): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    waiting.timer.cancel();
    const isError = outcome instanceof LinkError;
    this.#count(isError ? outcome.reason : 'ok');
    if (isError) waiting.reject(outcome);
    else waiting.resolve(outcome);
  }

  #count(outcome: string): void {
    this.#needs.metrics.counter(linkCalls).inc({ outcome });
  }

  async #serve(id: number, { kind, body }: { kind: string; body: Uint8Array }): Promise<void> {
    if (this.#incoming.size >= this.#needs.limits.maxCalls) return this.#refuse(id, 'busy');
    const handler = this.#needs.calls.get(kind);
    if (!handler) return this.#refuse(id, 'unknown', `no call ${kind}`);
    // A call counts until its answer is sent, so one who asks and does not read is refused more.
    this.#incoming.add(id);
    const onSent = (): void => void this.#incoming.delete(id);
    try {
      const answer = await handler(body, this.#needs.nameOf());
      const fits = answer.length <= this.#needs.limits.maxBodyBytes && this.#needs.hasRoom(answer.length);
      if (fits) this.#needs.send({ kind: FRAME.answer, channel: id, body: answer, onSent });
      else this.#refuse(id, 'failed', 'no room for the answer', onSent);
    } catch (error) {
      if (error instanceof CallRefused) return this.#refuse(id, 'refused', error.message, onSent);
      this.#needs.log.error({ err: error, node: this.#needs.nameOf(), kind }, 'a call of another node failed');
      this.#refuse(id, 'failed', '', onSent);
    }
  }

  #refuse(id: number, ...[reason, words = '', onSent]: [reason: Refusal, words?: string, onSent?: () => void]): void {
    this.#needs.send({ kind: FRAME.refusal, channel: id, body: writeRefusal(reason, words), onSent });
  }
}
