import { isLoopbackHost, networkOf } from '@aerogram/runtime';

export interface AddressLimitSettings {
  /** Open connections in total. */
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** New keys per minute. */
  maxHandshakesPerAddress: number;
}

interface Usage {
  connections: number;
  handshakes: number;
  /** Packets under keys that do not exist. */
  unknownKeys: number;
  /** Start of the minute over which handshakes and unknown keys are counted. */
  sinceMs: number;
}

const MINUTE_MS = 60_000;
/** A client whose key is gone uses it once and then creates a new one. Each use of an unknown key costs a database query. */
const UNKNOWN_PER_HANDSHAKE = 4;

/**
 * Counts connections, new keys and unknown keys per address. IPv6 addresses count per /64, which is what one household or server gets.
 * Loopback addresses are exempt.
 */
export class AddressLimits {
  readonly #settings: AddressLimitSettings;
  readonly #usage = new Map<string, Usage>();
  #connections = 0;

  constructor(settings: AddressLimitSettings) {
    this.#settings = settings;
  }

  /**
   * Counts a new connection.
   * @param address undefined for a proxy's connection, which counts in total only until its client is known (`join`)
   * @returns why it must be refused, or undefined if it is accepted; `leave` must follow then
   */
  enter(address: string | undefined, nowMs: number): 'full' | 'address-limit' | undefined {
    if (this.#connections >= this.#settings.maxConnections) return 'full';
    if (address !== undefined && !this.join(address, nowMs)) return 'address-limit';
    this.#connections += 1;
    return undefined;
  }

  /** Counts a connection that is already counted in total for its address too. @returns false if the address has too many */
  join(address: string, nowMs: number): boolean {
    if (isLoopbackHost(address)) return true;
    const usage = this.#usageOf(address, nowMs);
    if (usage.connections >= this.#settings.maxConnectionsPerAddress) return false;
    usage.connections += 1;
    return true;
  }

  /** A connection has ended. @param address the one for which it was counted last */
  leave(address: string | undefined): void {
    this.#connections -= 1;
    if (address === undefined) return;
    const usage = this.#usage.get(networkOf(address));
    if (usage && usage.connections > 0) usage.connections -= 1;
  }

  /** Counts a new key and returns whether a client at this address may create it now. */
  allowsHandshake(address: string, nowMs: number): boolean {
    if (isLoopbackHost(address)) return true;
    const usage = this.#usageOf(address, nowMs);
    usage.handshakes += 1;
    return usage.handshakes <= this.#settings.maxHandshakesPerAddress;
  }

  /** Whether a client at this address may use a key that is not in memory. */
  allowsKeyLookUp(address: string, nowMs: number): boolean {
    if (isLoopbackHost(address)) return true;
    return this.#usageOf(address, nowMs).unknownKeys < UNKNOWN_PER_HANDSHAKE * this.#settings.maxHandshakesPerAddress;
  }

  /** Counts a key that a client at this address named and that does not exist. */
  foundNoKey(address: string, nowMs: number): void {
    if (!isLoopbackHost(address)) this.#usageOf(address, nowMs).unknownKeys += 1;
  }

  /** Removes addresses without connections and without recent keys. */
  sweep(nowMs: number): void {
    for (const [id, usage] of this.#usage) {
      if (usage.connections === 0 && isOver(usage, nowMs)) this.#usage.delete(id);
    }
  }

  #usageOf(address: string, nowMs: number): Usage {
    const id = networkOf(address);
    let usage = this.#usage.get(id);
    if (!usage) {
      usage = { connections: 0, handshakes: 0, unknownKeys: 0, sinceMs: nowMs };
      this.#usage.set(id, usage);
    }
    if (isOver(usage, nowMs)) {
      usage.sinceMs = nowMs;
      usage.handshakes = 0;
      usage.unknownKeys = 0;
    }
    return usage;
  }
}

/** Whether the current counting minute is over. If the clock was set back, it is over too. */
function isOver({ sinceMs }: Usage, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) >= MINUTE_MS;
}
