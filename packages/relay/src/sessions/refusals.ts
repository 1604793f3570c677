import type { Clock, Logger } from '@aerogram/runtime';
import { Seldom } from '../seldom.ts';

/** Who refuses a certificate that was revoked: this data centre one of another, or the other one that of this one. */
export type RefusingSide = 'here' | 'there';

/** A certificate that was refused: of which data centre or by which, and where the other end of the connection is. */
export interface Refusal {
  dc: number;
  side: RefusingSide;
  address: string;
}

/** Tells the operator of certificates that were refused because they were revoked. */
export class Refusals {
  readonly #log: Logger;
  readonly #seldom: Seldom;

  constructor({ clock, log }: { clock: Clock; log: Logger }) {
    this.#log = log;
    this.#seldom = new Seldom(clock);
  }

  /** A certificate was refused. */
  refused({ dc, side, address }: Refusal): void {
    this.#seldom.say(`${dc} ${side}`, () => {
      if (side === 'here') this.#log.warn({ event: 'home_certificate_refused', dc, side, address }, 'somebody has shown a certificate of another data centre that was revoked: until "aerogram dc join" was run there with its newest ticket, what is sent there waits');
      else this.#log.error({ event: 'home_certificate_refused', dc, side, address }, 'another data centre refuses the certificate of this one, because it was revoked: run "aerogram dc join" with the newest ticket of this data centre, on each of its nodes');
    });
  }
}
