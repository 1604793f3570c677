import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '@aerogram/runtime';

/** How long an address that was found for a name is used. */
const KEPT_MS = 60_000;

/** Finds the address of the host that clients connect to, for apps that want no name. A name is looked up once a minute at most, however many ask. */
export class HostAddress {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #find: (host: string) => Promise<string>;
  #known: { host: string; untilMs: number; address: Promise<string | undefined> } | undefined;

  /** @param find looks a name up, in tests something else than DNS */
  constructor(clock: Pick<Clock, 'monotonicMs'>, find: (host: string) => Promise<string> = async (host) => (await lookup(host)).address) {
    this.#clock = clock;
    this.#find = find;
  }

  /** @returns undefined if the name has no address at the moment */
  of(host: string): Promise<string | undefined> {
    if (isIP(host) !== 0) return Promise.resolve(host);
    const nowMs = this.#clock.monotonicMs();
    if (this.#known?.host !== host || this.#known.untilMs <= nowMs) this.#known = { host, untilMs: nowMs + KEPT_MS, address: this.#find(host).catch(() => undefined) };
    return this.#known.address;
  }
}
