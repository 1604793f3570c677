import { randomBytes } from 'node:crypto';
import { macOf, TICKET_CHARS } from '@aerogram/cdn-protocol';
import { equalBytes } from '@aerogram/crypto';
import type { Clock } from '@aerogram/runtime';

/**
 * How long a node serves without hearing from its origin, in milliseconds. Tokens must die within a minute after a channel became private,
 * also where the node cannot be told.
 */
export const LEASE_MS = 45_000;

const TIME_CHARS = 16;

/**
 * Whether the origin was heard lately. The node gives out tickets; a message of the origin counts from when the ticket in it was given out, not
 * from when it arrived, so that somebody who holds messages back on the way gains no time.
 */
export class Lease {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** Only this run of the node knows it. */
  readonly #key = randomBytes(32);
  #heardMs = -Infinity;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** A ticket that shows when this node gave it out: the time, and a MAC by which the node recognises it. */
  giveTicket(): string {
    return this.#ticketOf(Math.floor(this.#clock.monotonicMs()));
  }

  /** Notes that the origin was there when the ticket was given out. @returns false for a ticket that this run of the node did not give out */
  renew(ticket: string): boolean {
    const ms = Number.parseInt(ticket.slice(0, TIME_CHARS), 16);
    if (!Number.isSafeInteger(ms) || !equalBytes(Buffer.from(ticket), Buffer.from(this.#ticketOf(ms)))) return false;
    this.#heardMs = Math.max(this.#heardMs, ms);
    return true;
  }

  get isValid(): boolean {
    return this.#clock.monotonicMs() - this.#heardMs < LEASE_MS;
  }

  #ticketOf(ms: number): string {
    const time = ms.toString(16).padStart(TIME_CHARS, '0');
    return time + Buffer.from(macOf(this.#key, 'ticket', Buffer.from(time))).toString('hex').slice(0, TICKET_CHARS - TIME_CHARS);
  }
}
