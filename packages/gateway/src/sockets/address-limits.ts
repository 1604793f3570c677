import { isLoopbackHost, networkOf } from '@aerogram/runtime';

export interface AddressLimitSettings {
  /** Open connections in all. */
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** New keys in a minute. */
  maxHandshakesPerAddress: number;
}

interface Usage {
  connections: number;
  handshakes: number;
  /** Packets under keys that do not exist. */
  unknownKeys: number;
  /** Beginning of the minute in which both are counted. */
  sinceMs: number;
}

const MINUTE_MS = 60_000;
/** A client whose key is gone asks once and makes a new one; each such question costs a look into the database. */
const UNKNOWN_PER_HANDSHAKE = 4;

/** Counts connections, new keys and keys that do not exist by address; for IPv6 by /64, as that is what one household or server has. Loopback is exempt. */
export class AddressLimits {
  readonly #settings: AddressLimitSettings;
  readonly #usage = new Map<string, Usage>();
  #connections = 0;

  constructor(settings: AddressLimitSettings) {
    this.#settings = settings;
  }

  /** A connection comes. @returns why it may not stay, or undefined: then `leave` must follow. */
  enter(address: string, nowMs: number): 'full' | 'address-limit' | undefined {
    if (this.#connections >= this.#settings.maxConnections) return 'full';
    if (!isLoopbackHost(address)) {
      const usage = this.#usageOf(address, nowMs);
      if (usage.connections >= this.#settings.maxConnectionsPerAddress) return 'address-limit';
      usage.connections += 1;
    }
    this.#connections += 1;
    return undefined;
  }

  leave(address: string): void {
    this.#connections -= 1;
    const usage = this.#usage.get(networkOf(address));
    if (usage && usage.connections > 0) usage.connections -= 1;
  }

  /** Whether a client at this address may make another key now. */
  allowsHandshake(address: string, nowMs: number): boolean {
    if (isLoopbackHost(address)) return true;
    const usage = this.#usageOf(address, nowMs);
    usage.handshakes += 1;
    return usage.handshakes <= this.#settings.maxHandshakesPerAddress;
  }

  /** Whether a client at this address may ask for a key that is not in memory. */
  allowsKeyLookUp(address: string, nowMs: number): boolean {
    if (isLoopbackHost(address)) return true;
    return this.#usageOf(address, nowMs).unknownKeys < UNKNOWN_PER_HANDSHAKE * this.#settings.maxHandshakesPerAddress;
  }

  /** A key that a client at this address named does not exist. */
  foundNoKey(address: string, nowMs: number): void {
    if (!isLoopbackHost(address)) this.#usageOf(address, nowMs).unknownKeys += 1;
  }

  /** Forgets addresses without connections and without a recent key. */
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

/** Whether the minute in which things are counted is over; a clock that was set back ends it too. */
function isOver({ sinceMs }: Usage, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) >= MINUTE_MS;
}
