import type { Socket } from 'node:net';
import type { Clock, Logger, TrustedProxies } from '@aerogram/runtime';
import { type ClientAddress, clientOf, nameClient } from '../client-address.ts';
import type { AddressLimits } from './address-limits.ts';
import { readProxyHeader } from './read-proxy-header.ts';

export interface SocketAdmissionDeps {
  addresses: AddressLimits;
  trusted: TrustedProxies;
  clock: Clock;
  log: Logger;
  /** Called for each connection that is refused. */
  onRefused?: (reason: 'full' | 'address-limit' | 'framing') => void;
}

/** For so long after a complaint about proxies nothing more is logged about them, in milliseconds. */
const QUIET_MS = 60_000;

function ignore(): void {}

/**
 * Counts the sockets of the MTProto and HTTP ports against the limits by address, each once and until it is closed. A trusted proxy's socket
 * counts for the client that the proxy names, and until then for no address.
 */
export class SocketAdmission {
  readonly #deps: SocketAdmissionDeps;
  /** The client's address against whose limit a socket counts; undefined as long as only the proxy's is known. */
  readonly #counted = new WeakMap<Socket, { address: string | undefined }>();
  /** Sockets of proxies whose header has not arrived. */
  readonly #waiting = new Set<Socket>();
  #complainedMs = -Infinity;

  constructor(deps: SocketAdmissionDeps) {
    this.#deps = deps;
  }

  /**
   * Admits a connection of the MTProto port: one of a trusted proxy after its PROXY header.
   * @param serve called with the bytes that were already read
   */
  admit(socket: Socket, serve: (bytes: Buffer) => void): void {
    if (!this.enter(socket)) return refuse(socket);
    if (!this.#deps.trusted.has(socket.remoteAddress)) return serve(Buffer.alloc(0));
    this.#waiting.add(socket);
    socket.on('error', ignore);
    readProxyHeader(socket, this.#deps.clock, {
      onDone: () => void this.#waiting.delete(socket),
      onClient: (client, rest) => {
        if (this.name(socket, client)) serve(rest);
        else refuse(socket);
      },
      onRefused: (why) => {
        if (why !== undefined) this.#complain(socket, why);
        refuse(socket);
      },
    });
  }

  /** Counts a connection, once. @returns false if there are too many; the caller closes it then */
  enter(socket: Socket): boolean {
    if (this.#counted.has(socket)) return true;
    const { addresses, clock, onRefused } = this.#deps;
    const entry = { address: this.#countedAddress(clientOf(socket)) };
    const refusal = addresses.enter(entry.address, clock.nowMs());
    if (refusal) {
      onRefused?.(refusal);
      return false;
    }
    this.#counted.set(socket, entry);
    socket.once('close', () => addresses.leave(entry.address));
    return true;
  }

  /** A counted connection goes on within another one, as with TLS: it stays counted once, until the outer one closes. */
  continueIn(outer: Socket, inner: Socket): void {
    const entry = this.#counted.get(outer);
    if (entry) this.#counted.set(inner, entry);
  }

  /** Records for which client a proxy uses a connection, and counts it for that one. @returns false if it has too many */
  name(socket: Socket, client: ClientAddress): boolean {
    nameClient(socket, client);
    const entry = this.#counted.get(socket);
    const address = this.#countedAddress(client);
    if (!entry || entry.address !== undefined || address === undefined) return true;
    const { addresses, clock, onRefused } = this.#deps;
    if (!addresses.join(address, clock.nowMs())) {
      onRefused?.('address-limit');
      return false;
    }
    entry.address = address;
    return true;
  }

  /** The address against whose limit a socket counts; undefined for none. */
  countedFor(socket: Socket): string | undefined {
    return this.#counted.get(socket)?.address;
  }

  /** Closes the connections whose PROXY header has not arrived. */
  stop(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  #countedAddress({ remoteAddress }: ClientAddress): string | undefined {
    return this.#deps.trusted.has(remoteAddress) ? undefined : remoteAddress;
  }

  #complain(socket: Socket, why: string): void {
    const { clock, log, onRefused } = this.#deps;
    onRefused?.('framing');
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#complainedMs < QUIET_MS) return;
    this.#complainedMs = nowMs;
    log.warn({ proxy: clientOf(socket).remoteAddress, why }, 'a connection of a trusted proxy (AEROGRAM_TRUSTED_PROXIES) was closed: see docs/proxies.md');
  }
}

function refuse(socket: Socket): void {
  socket.on('error', ignore);
  socket.destroy();
}
