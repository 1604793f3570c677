import type { Clock } from '@aerogram/runtime';
import { addressesOf, createAddressGuard, listOwnAddresses, LOOPBACK, type Network, type PostAnswer, Poster, type PostRequest, type PostTarget, postTargetOf, type Resolve, resolveByDns } from '@aerogram/web-fetch';

/** How long one attempt to reach a push service may take, in milliseconds. */
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
  /** By origin, the one that was used last at the end. */
  readonly #posters = new Map<string, Poster>();
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
    for (const poster of this.#posters.values()) poster[Symbol.dispose]();
  }

  #posterOf(origin: string): Poster {
    const poster = this.#posters.get(origin) ?? this.#open(origin);
    this.#posters.delete(origin);
    this.#posters.set(origin, poster);
    for (const [oldest, unused] of this.#posters) {
      if (this.#posters.size <= HOSTS_MAX) break;
      this.#posters.delete(oldest);
      unused[Symbol.dispose]();
    }
    return poster;
  }

  #open(origin: string): Poster {
    const target = postTargetOf(new URL(origin));
    if ((!target.isSecure && !this.#isLocalOnly) || CLOSED_PORTS.has(target.port)) throw new PushAddressClosed('the address is closed');
    return new Poster({ target, find: () => this.#find(target), clock: this.#clock, connections: CONNECTIONS, times: TIMES, answerBytes: ANSWER_BYTES });
  }

  async #find(target: PostTarget): Promise<readonly string[]> {
    const addresses = await addressesOf(target, this.#resolve, RESOLVE_MS);
    if (addresses.length === 0) throw new PushAddressClosed('the name has no address');
    if (!addresses.every((address) => this.#isOpen(address))) throw new PushAddressClosed('the address is closed');
    return addresses;
  }
}
