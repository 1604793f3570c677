import { isIP } from 'node:net';
import { type Clock, RecentMap } from '@aerogram/runtime';
import { createAddressGuard, listOwnAddresses, LOOPBACK, type Network, type PostAnswer, Poster, type PostRequest, type Resolve, resolveByDns } from '@aerogram/web-fetch';

/** How long attempts may take, in milliseconds. */
const TIMES = { attempt: 10_000, connect: 5000 } as const;

const RESOLVE_MS = 5000;
/** Connections to one push service at a time. */
const CONNECTIONS = 8;
/** Push services with which connections are kept. */
const HOSTS_MAX = 200;
/** Most bytes of an answer that are read. */
const ANSWER_BYTES = 4096;
/** Ports on which other services listen that must not be made to read what others write. */
const CLOSED_PORTS: ReadonlySet<number> = new Set([25, 465, 587]);

/** Where push services may be. */
export interface PushPlaces {
  /** Whether this server serves only its own machine; then push services may be there too. */
  isLocalOnly: boolean;
  /** Networks that are allowed besides the public internet, such as that of an own push service. */
  networks: readonly Network[];
}

/** The address of a push service must not be asked. */
export class PushAddressClosed extends Error {
  override readonly name = 'PushAddressClosed';
}

/** Sends requests to push services: users name them, so each address is checked, and each service has few connections. */
export class PushHosts implements Disposable {
  readonly #posters = new RecentMap<string, Poster>(HOSTS_MAX);
  readonly #kept = new Set<Poster>();
  readonly #isOpen: (address: string) => boolean;
  readonly #isLocalOnly: boolean;
  readonly #resolve: Resolve;
  readonly #clock: Clock;

  constructor({ places, clock, resolve = resolveByDns }: { places: PushPlaces; clock: Clock; resolve?: Resolve }) {
    this.#isLocalOnly = places.isLocalOnly;
    this.#isOpen = createAddressGuard({ allowed: [...places.networks, ...(places.isLocalOnly ? LOOPBACK : [])], own: listOwnAddresses });
    this.#resolve = resolve;
    this.#clock = clock;
  }

  /** Sends a request. @throws PushAddressClosed, PostFailure */
  async post(origin: string, request: PostRequest): Promise<PostAnswer> {
    return this.#posterOf(origin).post(request);
  }

  [Symbol.dispose](): void {
    for (const poster of this.#kept) poster[Symbol.dispose]();
  }

  #posterOf(origin: string): Poster {
    const known = this.#posters.get(origin);
    if (known) return known;
    const url = new URL(origin);
    const isSecure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    if ((!isSecure && !this.#isLocalOnly) || CLOSED_PORTS.has(port)) throw new PushAddressClosed('the address is closed');
    const poster = new Poster({ target: { isSecure, host, port, authority: url.host }, find: () => this.#find(host), clock: this.#clock, connections: CONNECTIONS, times: TIMES, answerBytes: ANSWER_BYTES });
    this.#posters.set(origin, poster);
    this.#kept.add(poster);
    for (const one of this.#kept) {
      if (this.#kept.size <= HOSTS_MAX) break;
      // The one that was made first: its connections close, and it is made anew when it is needed.
      this.#kept.delete(one);
      one[Symbol.dispose]();
    }
    return poster;
  }

  async #find(host: string): Promise<readonly string[]> {
    const addresses = isIP(host) !== 0 ? [host] : host === 'localhost' ? ['127.0.0.1', '::1'] : await this.#resolve(host, AbortSignal.timeout(RESOLVE_MS)).catch(() => []);
    if (addresses.length === 0) throw new PushAddressClosed('the name has no address');
    if (!addresses.every((address) => this.#isOpen(address))) throw new PushAddressClosed('the address is closed');
    return addresses;
  }
}
