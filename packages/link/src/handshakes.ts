import type { Socket } from 'node:net';
import { networkOf } from '@aerogram/runtime';

/** Bounds of the connections whose other end has not proved that it belongs to the cluster. */
export interface HandshakeLimits {
  /** From all addresses that are of no member. */
  maxOfStrangers: number;
  /** From one network of these (IPv6: a /64). */
  maxOfNetwork: number;
  /** From the address of a member, which opens one for each request of a bot under way. */
  maxOfMember: number;
}

interface Waiting {
  socket: Socket;
  /** The address of a member, or the network of a stranger. */
  from: string;
  isMember: boolean;
}

/**
 * Connections that are in their TLS handshake. Where there are too many of one kind, the oldest is closed: a handshake takes some milliseconds, so connections that stay
 * idle keep nobody out, and strangers never take the room of members.
 */
export class Handshakes {
  readonly #limits: HandshakeLimits;
  readonly #isMember: (address: string) => boolean;
  /** By the address and port of the other end, the oldest first. */
  readonly #waiting = new Map<string, Waiting>();

  /** @param isMember whether an address is that of a member */
  constructor(limits: HandshakeLimits, isMember: (address: string) => boolean) {
    this.#limits = limits;
    this.#isMember = isMember;
  }

  /** Counts a connection until it closes or `proved` is called. @returns whether older ones were closed for it */
  begin(socket: Socket): boolean {
    const { maxOfStrangers, maxOfNetwork, maxOfMember } = this.#limits;
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
    const isMember = this.#isMember(address);
    const from = isMember ? address : networkOf(address);
    const key = keyOf(socket);
    this.#waiting.set(key, { socket, from, isMember });
    socket.once('close', () => {
      if (this.#waiting.get(key)?.socket === socket) this.#waiting.delete(key);
    });
    const hasMany = this.#closeOldest(isMember ? maxOfMember : maxOfNetwork, (other) => other.isMember === isMember && other.from === from);
    return this.#closeOldest(maxOfStrangers, (other) => !other.isMember) || hasMany;
  }

  /**
   * The other end has proved that it belongs to the cluster.
   * @param socket over the connection, or the connection itself
   * @returns the connection, as `begin` was given it; undefined if it has closed
   */
  proved(socket: Socket): Socket | undefined {
    const key = keyOf(socket);
    const found = this.#waiting.get(key);
    this.#waiting.delete(key);
    return found?.socket;
  }

  #closeOldest(most: number, isCounted: (other: Waiting) => boolean): boolean {
    if (this.#waiting.size <= most) return false;
    const found = Array.from(this.#waiting).filter(([, other]) => isCounted(other));
    const excess = found.slice(0, Math.max(0, found.length - most));
    for (const [key, { socket }] of excess) {
      this.#waiting.delete(key);
      socket.destroy();
    }
    return excess.length > 0;
  }
}

const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
