import type { Family } from './transport-address.ts';

/** Where clients send to: one UDP socket, or one TCP connection. */
export interface Listener {
  /** Over a stream, channel data is padded to 4 bytes. */
  readonly isStream: boolean;
  /** Sends a packet to a client; it may be lost. The buffer is not changed afterwards. */
  send(packet: Buffer, port: number, address: string): void;
}

/** The UDP socket of an allocation. */
export interface RelaySocket {
  readonly port: number;
  /** Sends to a peer; it may be lost. The buffer is not changed afterwards. */
  send(data: Buffer, port: number, address: string): void;
  close(): void;
}

/** What the relay needs of the world. */
export interface TurnWorld {
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  /** Unix seconds, by which the ends of passwords are judged. */
  unixNow(): number;
  /**
   * Opens a relay socket. What comes to it is given to `onData`.
   * @param wanted.isEven the port must be even
   * @returns undefined if no port is free
   */
  openRelay(wanted: { family: Family; isEven: boolean }, onData: (data: Buffer, port: number, address: string) => void): Promise<RelaySocket | undefined>;
  /** Whether anything at all may be sent to this address; the relay's own ports are not asked about. */
  allowsPeer(address: string): boolean;
}

export interface TurnLimits {
  /** Allocations at once, in all and with one user name. */
  allocations: number;
  allocationsPerUser: number;
  /** The same for clients of one IPv4 address or IPv6 network: several calls of one household or office. */
  allocationsPerPlace: number;
  /** Bytes that one allocation may pass on in one second, in each direction. */
  bytesPerSecond: number;
  /** Bytes that all allocations of one user name may pass on while its password is good, both directions together: half a day of video between two people, both through this relay. */
  bytesPerUser: number;
  /** An allocation that has passed on nothing for so long, in milliseconds, ends when its user name needs another one: a device that has changed its network leaves such allocations behind. */
  silentMs: number;
  /** Addresses to which one allocation may send, and its channels. */
  peersPerAllocation: number;
  /** Longest time for which an allocation lives without being asked for again, in seconds. */
  lifetimeS: number;
  /** Answers in one second to those who have not shown a password, for one address. */
  strangerAnswersPerSecond: number;
}

export const TURN_LIMITS: TurnLimits = {
  allocations: 1000,
  allocationsPerUser: 8,
  allocationsPerPlace: 32,
  bytesPerSecond: 500_000,
  bytesPerUser: 32 * 1024 ** 3,
  silentMs: 30_000,
  peersPerAllocation: 64,
  lifetimeS: 600,
  strangerAnswersPerSecond: 100,
};

export interface TurnOptions {
  world: TurnWorld;
  /** The secret from which passwords are made. */
  secret: string;
  realm: string;
  /** Random bytes for nonces, 32 of them. */
  nonceKey: Uint8Array;
  /** The addresses that are told to clients as those of relay sockets, by family; a family without one gets none. */
  addresses: Partial<Record<Family, string>>;
  limits?: Partial<TurnLimits>;
}

/** Counts since the start. */
export interface TurnCounts {
  /** Allocations made. */
  made: number;
  /** Requests that were refused, 401 and 438 apart, with which each one begins. */
  refused: number;
  packetsIn: number;
  packetsOut: number;
  bytes: number;
  /** Packets over the limit of an allocation, or without a permission. */
  dropped: number;
}

