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
  /** Absent while empty, as in every idle session. */
  #entries: Map<bigint, RequestEntry> | undefined;
  #lost: bigint[] | undefined;
  #running = 0;

  /** Requests that the dispatcher works on. */
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

  /** Notes the answer. @returns whether the client still wants it. */
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

  /** The client has the answer, or does not want it any more. */
  settle(msgId: bigint): void {
    if (this.find(msgId)?.state === 'answered') this.#delete(msgId);
  }

  /** The answer was thrown away before it was acknowledged. */
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
