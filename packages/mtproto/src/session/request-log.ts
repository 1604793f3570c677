import type { OutgoingMessage } from './outgoing.ts';

/**
 * running: the dispatcher is working on it. dropped: still runs, but the client wants no answer. answered: the answer is kept until
 * acknowledged. lost: the answer was dropped unacknowledged.
 */
export type RequestState = 'running' | 'dropped' | 'answered' | 'lost';

export interface RequestEntry {
  state: RequestState;
  answer: OutgoingMessage | undefined;
}

const MAX_LOST = 1024;

/** The requests of a session from their arrival until their answer is acknowledged. */
export class RequestLog {
  /** Undefined while empty, as in every idle session. */
  #entries: Map<bigint, RequestEntry> | undefined;
  #lost: bigint[] | undefined;
  #running = 0;

  /** Number of requests that the dispatcher is working on. */
  get running(): number {
    return this.#running;
  }

  find(msgId: bigint): RequestEntry | undefined {
    return this.#entries?.get(msgId);
  }

  begin(msgId: bigint): void {
    (this.#entries ??= new Map<bigint, RequestEntry>()).set(msgId, { state: 'running', answer: undefined });
    this.#running += 1;
  }

  /** Records the answer. @returns whether the client still wants it. */
  answer(msgId: bigint, answer: OutgoingMessage): boolean {
    const entry = this.find(msgId);
    if (!entry || (entry.state !== 'running' && entry.state !== 'dropped')) return false;
    this.#running -= 1;
    if (entry.state === 'dropped') {
      this.#delete(msgId);
      return false;
    }
    entry.state = 'answered';
    entry.answer = answer;
    return true;
  }

  /** Records that an answered request runs again, because its answer was lost and not kept. */
  runAgain(msgId: bigint): void {
    const entry = this.find(msgId);
    if (entry?.state !== 'answered') return;
    entry.state = 'running';
    entry.answer = undefined;
    this.#running += 1;
  }

  /** Records that the client has the answer or no longer wants it. */
  settle(msgId: bigint): void {
    if (this.find(msgId)?.state === 'answered') this.#delete(msgId);
  }

  /** Records that the answer was dropped before it was acknowledged. */
  lose(msgId: bigint): void {
    const entry = this.find(msgId);
    if (!entry || entry.state !== 'answered') return;
    entry.state = 'lost';
    entry.answer = undefined;
    const lost = (this.#lost ??= []);
    lost.push(msgId);
    if (lost.length > MAX_LOST) this.#delete(lost.shift()!);
  }

  #delete(msgId: bigint): void {
    this.#entries?.delete(msgId);
    if (this.#entries?.size === 0) this.#entries = undefined;
  }
}
