import { type Stats, fstatSync } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { HASH_BYTES, BLOCK_BYTES } from '../block-hashes.ts';
import { readAt, syncFile, writeAt } from '../file-io.ts';
import { MAX_PART_BYTES } from './part-rules.ts';

/** The most parts that a map has room for. */
export const MAP_PARTS = 8192;

/** What the head of a map says. In the file, only `total` and `boot` ever change. */
export interface MapHead {
  /** Name of the data file, and of the blob that it becomes: 32 hex digits. */
  name: string;
  /** The key of the blob, wrapped with a master key. */
  wrappedKey: Uint8Array;
  /** A part begins at its number × this many bytes. */
  slotBytes: number;
  /** The part size, if a part has fixed it; then it is also the slot. */
  partSize: number | undefined;
  /** The number of parts, if a call has said it. */
  total: number | undefined;
  /** `bootId()` of the machine when the parts were last verified. After another boot they must be verified again: what was not yet on the disk is lost. */
  boot: string;
}

/** How far one part has come. */
export interface PartEntry {
  /** `begun`: an interrupted call may have left some of its bytes. */
  state: 'nothing' | 'begun' | 'whole';
  /** In bytes. */
  length: number;
  /** See `checksumOf`. */
  checksum: number;
}

const STATES = ['nothing', 'begun', 'whole'] as const;
const MAGIC = 'aerogram upload 1\n';
const HEAD_BYTES = 4096;
const TOTAL_AT = 64;
const BOOT_AT = 72;
const BOOT_BYTES = 56;
const JSON_AT = BOOT_AT + BOOT_BYTES;
const RECORD_BYTES = 256;
const LENGTH_BITS = 24;
const LENGTH_MASK = 0xff_ffff;
const RECORDS_AT = HEAD_BYTES;
const PART_HASH_BYTES = (MAX_PART_BYTES / BLOCK_BYTES) * HASH_BYTES;
const CHECKSUM_AT = PART_HASH_BYTES;
const LENGTH_AT = CHECKSUM_AT + 4;

interface StoredHead {
  name: string;
  key: string;
  slot: number;
  size: number | null;
}

function encodeBoot(boot: string): Buffer {
  const bytes = Buffer.alloc(BOOT_BYTES);
  bytes.write(boot, 'utf8');
  return bytes;
}

function encodeHead(head: MapHead): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(head.total ?? 0, TOTAL_AT);
  const stored: StoredHead = {
    name: head.name,
    key: Buffer.from(head.wrappedKey).toString('base64'),
    slot: head.slotBytes,
    size: head.partSize ?? null,
  };
  encodeBoot(head.boot).copy(bytes, BOOT_AT);
  const json = Buffer.from(JSON.stringify(stored));
  bytes.writeUInt16LE(json.length, JSON_AT);
  json.copy(bytes, JSON_AT + 2);
  return bytes;
}

function decodeHead(bytes: Buffer): MapHead | undefined {
  if (bytes.length < HEAD_BYTES || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const length = bytes.readUInt16LE(JSON_AT);
  try {
    const stored = JSON.parse(bytes.toString('utf8', JSON_AT + 2, JSON_AT + 2 + length)) as StoredHead;
    return {
      name: stored.name,
      wrappedKey: Buffer.from(stored.key, 'base64'),
      slotBytes: stored.slot,
      partSize: stored.size ?? undefined,
      total: bytes.readUInt32LE(TOTAL_AT) || undefined,
      boot: bytes.toString('utf8', BOOT_AT, BOOT_AT + BOOT_BYTES).replace(/\0+$/, ''),
    };
  } catch {
    return undefined;
  }
}

/**
 * Computes the CRC-32 that the map stores for a part. It covers the hashes of the part's blocks, or the ciphertext if the map keeps no hashes of the part
 * (see `hashCount`). After a restart of the machine, it shows whether all bytes of the part reached the disk.
 */
export function checksumOf(ciphertext: Uint8Array, hashes: Uint8Array): number {
  return crc32(hashes.length > 0 ? hashes : ciphertext);
}

/**
 * The side file of an upload: a head, and a record of 256 bytes for each part, which holds its state, its length, a checksum, and the
 * hashes of its 128 KiB blocks. A record lies in one page and is written by one call, so it is never seen in part, and processes that write
 * different parts do not disturb each other.
 */
export class PartMap implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly head: MapHead;

  private constructor(file: FileHandle, head: MapHead) {
    this.#file = file;
    this.head = head;
  }

  /** Writes a new map without parts. */
  static async create(path: string, head: MapHead): Promise<void> {
    await writeFile(path, encodeHead(head), { flag: 'wx', mode: 0o600 });
  }

  /**
   * Opens a map.
   * @returns `unreadable` if the file is no map, as after a power failure
   * @throws Error with the code ENOENT if it does not exist
   */
  static async open(path: string): Promise<PartMap | 'unreadable'> {
    const file = await open(path, 'r+');
    try {
      const head = decodeHead(await readAt(file, 0, HEAD_BYTES));
      if (head) return new PartMap(file, head);
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return 'unreadable';
  }

  /** Reads the entry of one part. */
  async readEntry(part: number): Promise<PartEntry> {
    return decodeRecord(await this.#readRecords(part, 1), 0);
  }

  /**
   * Reads the lengths of the parts that are whole, by number; 0 for the others.
   * @param count how many parts to read
   */
  async readLengths(count: number): Promise<number[]> {
    const records = await this.#readRecords(0, count);
    return Array.from({ length: records.length / RECORD_BYTES }, (_, part) => {
      const { state, length } = decodeRecord(records, part);
      return state === 'whole' ? length : 0;
    });
  }

  /** Reads the entries of all parts, by number, up to the last one that was ever begun. */
  async readEntries(): Promise<PartEntry[]> {
    const records = await this.#readRecords(0, MAP_PARTS);
    const entries = Array.from({ length: records.length / RECORD_BYTES }, (_, part) => decodeRecord(records, part));
    while (entries.at(-1)?.state === 'nothing') entries.pop();
    return entries;
  }

  /** Writes the entry of a part, and the hashes of its blocks. */
  async writeEntry(part: number, { state, length, checksum }: PartEntry, hashes?: Uint8Array): Promise<void> {
    const record = Buffer.alloc(RECORD_BYTES);
    if (hashes) record.set(hashes);
    record.writeUInt32LE(checksum, CHECKSUM_AT);
    record.writeUInt32LE(((STATES.indexOf(state) << LENGTH_BITS) | length) >>> 0, LENGTH_AT);
    await writeAt(this.#file, RECORDS_AT + part * RECORD_BYTES, record);
  }

  /**
   * Reads the hashes of all blocks of an upload whose parts are whole blocks.
   * @param blocksPerPart of every part but the last one
   * @param blocks of all parts together
   */
  async readAllHashes(blocksPerPart: number, blocks: number): Promise<Uint8Array> {
    const parts = Math.ceil(blocks / blocksPerPart);
    const records = await this.#readRecords(0, parts);
    const hashes = new Uint8Array(blocks * HASH_BYTES);
    for (let part = 0; part < parts; part++) {
      const count = Math.min(blocksPerPart, blocks - part * blocksPerPart);
      const at = part * RECORD_BYTES;
      hashes.set(records.subarray(at, at + count * HASH_BYTES), part * blocksPerPart * HASH_BYTES);
    }
    return hashes;
  }

  /** Reads the number of parts, which another process may have set meanwhile. Once it is set, it never changes. */
  async readTotal(): Promise<number | undefined> {
    this.head.total ??= (await readAt(this.#file, TOTAL_AT, 4)).readUInt32LE(0) || undefined;
    return this.head.total;
  }

  /** Remembers the number of parts. Only `setTotal` calls this, because a number that is set must not change. */
  async writeTotal(total: number): Promise<void> {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(total, 0);
    // The file keeps the time of the last part, which tells when the upload expires.
    const { atimeMs, mtimeMs } = this.#stat();
    await writeAt(this.#file, TOTAL_AT, bytes);
    await this.#file.utimes(atimeMs / 1000, mtimeMs / 1000);
    this.head.total = total;
  }

  /** Remembers during which run of the machine the parts were checked. */
  async writeBoot(boot: string): Promise<void> {
    await writeAt(this.#file, BOOT_AT, encodeBoot(boot));
    this.head.boot = boot;
  }

  /** Waits until the map would survive a power failure. */
  async sync(): Promise<void> {
    await syncFile(this.#file);
  }

  /** Whether the map has been deleted or replaced, so that nobody will read what is written to it. */
  isGone(): boolean {
    return this.#stat().nlink === 0;
  }

  /** Whether the file has a second name, as for a moment when it is created. */
  isLinkedTwice(): boolean {
    return this.#stat().nlink > 1;
  }

  /** The inode, which tells this map from a later one with the same path. */
  inode(): number {
    return this.#stat().ino;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  /** Reads whole records, as far as the file goes. */
  async #readRecords(part: number, count: number): Promise<Buffer> {
    const at = RECORDS_AT + part * RECORD_BYTES;
    const there = Math.floor(Math.max(0, this.#stat().size - at) / RECORD_BYTES);
    return await readAt(this.#file, at, Math.min(count, there) * RECORD_BYTES);
  }

  /** Asks the system for what it knows of the open file, which never waits for the disk. */
  #stat(): Stats {
    return fstatSync(this.#file.fd);
  }
}

/** Decodes the record of one part; the end of the file may cut it off. */
function decodeRecord(records: Buffer, part: number): PartEntry {
  const at = part * RECORD_BYTES;
  if (records.length < at + RECORD_BYTES) return { state: 'nothing', length: 0, checksum: 0 };
  const word = records.readUInt32LE(at + LENGTH_AT);
  return { state: STATES[word >>> LENGTH_BITS] ?? 'nothing', length: word & LENGTH_MASK, checksum: records.readUInt32LE(at + CHECKSUM_AT) };
}
