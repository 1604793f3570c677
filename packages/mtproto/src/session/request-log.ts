import type { OutgoingMessage } from './outgoing.ts';

/**
 * running: the dispatcher has it. dropped: still runs, but the client wants no answer. answered: the answer is kept
 * until acknowledged. lost: the answer was given up unacknowledged.
 */
export type RequestState = 'running' | 'dropped' | 'answered' | 'lost';

export interface RequestEntry {
  state: RequestState;
  answer: OutgoingMessage | undefined;
}

const MAX_LOST = 1024;

/** Requests of a session from their arrival until their answer is acknowledged. */
export class RequestLog {
  readonly #entries = new Map<bigint, RequestEntry>();
  readonly #lost: bigint[] = [];
  #running = 0;

  /** Requests that the dispatcher works on. */
  get running(): number {
    return this.#running;
  }

  find(msgId: bigint): RequestEntry | undefined {
    return this.#entries.get(msgId);
  }

  begin(msgId: bigint): void {
    this.#entries.set(msgId, { state: 'running', answer: undefined });
    this.#running += 1;
  }

  /** Notes the answer. @returns whether the client still wants it. */
  answer(msgId: bigint, answer: OutgoingMessage): boolean {
    const entry = this.#entries.get(msgId);
    if (!entry || (entry.state !== 'running' && entry.state !== 'dropped')) return false;
    this.#running -= 1;
    if (entry.state === 'dropped') {
      this.#entries.delete(msgId);
      return false;
    }
    entry.state = 'answered';
    entry.answer = answer;
    return true;
  }

  /** The client has the answer, or does not want it any more. */
  settle(msgId: bigint): void {
    const entry = this.#entries.get(msgId);
    if (entry?.state === 'answered') this.#entries.delete(msgId);
  }

  /** The answer was thrown away before it was acknowledged. */
  lose(msgId: bigint): void {
    const entry = this.#entries.get(msgId);
    if (!entry || entry.state !== 'answered') return;
    entry.state = 'lost';
    entry.answer = undefined;
    this.#lost.push(msgId);
    if (this.#lost.length > MAX_LOST) this.#entries.delete(this.#lost.shift()!);
  }
}
