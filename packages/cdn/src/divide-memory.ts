import { KEY_BYTES } from './memory-keys.ts';

/** How a node uses the memory that it may take. */
export interface MemoryShares {
  /** For content, in bytes. */
  cacheBytes: number;
  /** For answers on the way to clients, in bytes. */
  roomBytes: number;
  /** Number of authorization keys. */
  keys: number;
  /** Number of connections of clients. */
  connections: number;
}

const MEBIBYTE = 1024 * 1024;
/** With less, hardly anything would be left for content. */
export const MIN_MEMORY_BYTES = 64_000_000;

/**
 * The program with its threads takes about 140 MiB when it gets content and serves other content as fast as it can. A node may take 64 MiB
 * more than it was told; what the program takes beyond that is left free here. Below 140 MB there is too little to leave free.
 */
const PROGRAM_BYTES = 80 * MEBIBYTE;

const MAX_ROOM_BYTES = 32 * MEBIBYTE;
/** An answer is in memory up to twice: as the result of its call, and sealed for its connection. */
const COPIES = 2;

/** One connection for so much of the memory: what has come of a packet is held until all of it is there, a quarter of this at most. */
const BYTES_A_CONNECTION = 128 * 1024;

const MAX_CONNECTIONS = 20_000;

/**
 * Divides the memory of a node.
 * @param bytes at least {@link MIN_MEMORY_BYTES}
 */
export function divideMemory(bytes: number): MemoryShares {
  const roomBytes = Math.min(MAX_ROOM_BYTES, Math.floor(bytes / 16));
  const keys = Math.floor(bytes / 16 / KEY_BYTES);
  const connections = Math.min(MAX_CONNECTIONS, Math.floor(bytes / BYTES_A_CONNECTION));
  return { cacheBytes: bytes - Math.floor(Math.min(PROGRAM_BYTES, 0.6 * bytes)) - COPIES * roomBytes - keys * KEY_BYTES, roomBytes, keys, connections };
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['KB', 1000],
  ['MB', 1000 ** 2],
  ['GB', 1000 ** 3],
  ['KIB', 1024],
  ['MIB', 1024 ** 2],
  ['GIB', 1024 ** 3],
]);

/** Reads a size such as `256MB` or `1GiB`. @returns bytes, or undefined when it is none */
export function parseSize(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,12})\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : UNITS.get(unit.toUpperCase());
  return factor === undefined ? undefined : Number(number) * factor;
}
