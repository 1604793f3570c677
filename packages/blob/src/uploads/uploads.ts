import { createHash } from 'node:crypto';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Random } from '@aerogram/runtime';
import { cryptBlob } from '../blob-cipher.ts';
import { type BlobStore, STEP_BYTES } from '../blob-store.ts';
import { codeOf, listSorted, readAt } from '../file-io.ts';
import { KeptOpen } from '../kept-open.ts';
import type { MasterKeys } from '../master-keys.ts';
import { type FinishedUpload, completeUpload, packUpload } from './finish-upload.ts';
import { HeldUploads, measureMap, measureUpload, readWrittenMs, UPLOAD_OVERHEAD_BYTES } from './held-uploads.ts';
import { keepHash, readKeptHash } from './kept-hashes.ts';
import { PartBusy, PartClaims, nothingToNote } from './part-claims.ts';
import { MAP_PARTS } from './part-map.ts';
import { MAX_PART_BYTES, type PartPlace, UNKNOWN_TOTAL, type UploadRefusal, checkPart, checkTogether, leastSize, partSizeFrom } from './part-rules.ts';
import type { FinishResult, SaveResult, UnfinishedUploads } from './unfinished-uploads.ts';
import { type OpenUpload, type UploadContext, createUpload, dropUpload, openUpload, setTotal, withUploadFiles } from './upload-files.ts';
import { writePart } from './write-part.ts';

export interface UploadsOptions {
  /** The directory of all unfinished uploads. All processes of a node use the same one, on a local disk. */
  root: string;
  keys: MasterKeys;
  random: Random;
  clock: Clock;
  /** The most parts of one upload, at most 8192. */
  maxParts: number;
  /** The most bytes that one user may hold in unfinished uploads. */
  maxBytesPerUser: number;
  /** The most unfinished uploads that one user may have. */
  maxUploadsPerUser: number;
}

/** What `expire` and `count` found. */
export interface UploadCount {
  uploads: number;
  bytes: number;
}

/** Files up to this many bytes are hashed as a whole. Clients send longer ones as `inputFileBig`, which has no checksum (core.telegram.org/api/files). */
export const HASHED_FILE_MAX = 10 * 1024 * 1024;

/** After how long without a new part an unfinished upload is deleted, in milliseconds. */
export const UNFINISHED_KEPT_MS = 86_400_000;
/** After how long without a new part an upload makes room for another one of a user who has reached a limit, in milliseconds. */
const IDLE_MS = 3_600_000;

/** How often an operation begins again because the upload was replaced or deleted meanwhile. */
const ATTEMPTS = 20;

const USER_DIRECTORY = /^\d+$/;

/**
 * Unfinished uploads: files on the local disk, which several processes write at the same time without any other communication. Each part
 * is encrypted and written to its place when it arrives. A side file (PartMap) says which parts are whole; PartClaims makes sure that one
 * process at a time writes a part. If a part arrives again with another body, the upload begins anew with another key.
 */
export class Uploads implements UnfinishedUploads, AsyncDisposable {
  readonly #options: UploadsOptions;
  readonly #context: UploadContext;
  readonly #held: HeldUploads;
  readonly #open: KeptOpen<OpenUpload>;

  private constructor(options: UploadsOptions) {
    this.#options = options;
    this.#context = { keys: options.keys, random: options.random, claims: new PartClaims(options.root) };
    this.#held = new HeldUploads(options.clock);
    this.#open = new KeptOpen({ clock: options.clock, open: (directory) => openUpload(this.#context, directory), isGone: ({ map }) => map.isGone() });
  }

  /** Opens the directory of uploads, which is created if it is missing. */
  static async open(options: UploadsOptions): Promise<Uploads> {
    if (options.maxParts > MAP_PARTS) throw new RangeError(`an upload has at most ${MAP_PARTS} parts`);
    await mkdir(options.root, { recursive: true, mode: 0o700 });
    return new Uploads(options);
  }

  async savePart(place: PartPlace, bytes: Uint8Array, isStored?: () => Promise<boolean>): Promise<SaveResult> {
    const refusal = checkPart(place, bytes.length, this.#options.maxParts);
    if (refusal) return { outcome: 'refused', reason: refusal };
    // To wait until there is room would be in vain.
    if (leastSize(place, bytes.length) + UPLOAD_OVERHEAD_BYTES > this.#options.maxBytesPerUser) return { outcome: 'refused', reason: 'parts-invalid' };
    const user = this.#userDirectory(place.userId);
    const hasRoom = async (): Promise<boolean> => (await this.#held.of(user)).bytes + bytes.length <= this.#options.maxBytesPerUser;
    const isTaken = (await hasRoom()) || ((await this.#removeIdle(user)) && (await hasRoom()));
    if (!isTaken) return { outcome: 'refused', reason: 'over-quota' };
    return await this.#attempt(() => this.#trySave(place, bytes, isStored));
  }

  async finish(userId: bigint, fileId: bigint, parts: number, admit?: (size: number) => Promise<void>): Promise<FinishResult> {
    if (!Number.isInteger(parts) || parts < 1 || parts > this.#options.maxParts) return { outcome: 'refused', reason: 'parts-invalid' };
    return await this.#attempt(() => this.#tryFinish(this.#directory(userId, fileId), parts, admit));
  }

  /** Runs work while no other call does so for the same upload, in any process of this node. */
  async whileAlone<T>(userId: bigint, fileId: bigint, work: () => Promise<T>): Promise<T> {
    const directory = this.#directory(userId, fileId);
    let hasBegun = false;
    const begin = (): Promise<T> => {
      hasBegun = true;
      return withUploadFiles(directory, work);
    };
    // Without an upload there is nothing to store. The call before may have discarded it.
    if ((await readWrittenMs(directory)) === undefined) return await begin();
    try {
      return await this.#context.claims.hold(path.join(directory, 'finish'), async () => ({ result: await begin(), isWhole: true }), nothingToNote);
    } catch (error) {
      if (hasBegun || codeOf(error) !== 'ENOENT') throw error;
    }
    return await begin();
  }

  async hashWhole(finished: FinishedUpload, algorithm: 'md5' | 'sha256'): Promise<string> {
    const { path: file, size } = finished;
    if (size > HASHED_FILE_MAX) throw new RangeError(`a file of ${size} bytes is too long to be hashed as a whole`);
    const kept = await readKeptHash(file, algorithm);
    if (kept !== undefined) return Buffer.from(kept).toString('hex');
    const hash = createHash(algorithm);
    for await (const bytes of this.read(finished)) hash.update(bytes);
    const digest = hash.digest();
    await keepHash(file, algorithm, digest);
    return digest.toString('hex');
  }

  async *read({ path: file, wrappedKey, size }: FinishedUpload): AsyncGenerator<Uint8Array> {
    const key = await this.#options.keys.unwrap(wrappedKey);
    await using data = await open(file, 'r');
    // Each step waits for the disk, so other work gets its turn in between.
    for (let at = 0; at < size; at += STEP_BYTES) yield cryptBlob(key, at, await readAt(data, at, Math.min(STEP_BYTES, size - at)));
  }

  async readBytes({ path: file, wrappedKey, size }: FinishedUpload, { from = 0, to = size }: { from?: number; to?: number } = {}): Promise<Uint8Array> {
    const length = Math.max(0, Math.min(to, size) - from);
    if (length > HASHED_FILE_MAX) throw new RangeError(`${length} bytes are too many to be read at once`);
    const key = await this.#options.keys.unwrap(wrappedKey);
    await using data = await open(file, 'r');
    return cryptBlob(key, from, await readAt(data, from, length));
  }

  async putInto(store: BlobStore, { path: file, name, size }: FinishedUpload): Promise<void> {
    await store.adopt(file, name, size);
  }

  async discard(userId: bigint, fileId: bigint): Promise<void> {
    await this.#remove(this.#userDirectory(userId), this.#directory(userId, fileId));
  }

  /** The bytes that a user holds in unfinished uploads, with 256 KiB more for each of them. */
  async heldBytes(userId: bigint): Promise<number> {
    return (await this.#held.count(this.#userDirectory(userId))).bytes;
  }

  /** Counts the unfinished uploads of all users. Reads the map of each of them, which has up to 2 MiB. */
  async count(): Promise<UploadCount> {
    const count: UploadCount = { uploads: 0, bytes: 0 };
    for await (const user of this.#listUsers()) {
      const { uploads, bytes } = await this.#held.count(user);
      count.uploads += uploads;
      count.bytes += bytes;
    }
    return count;
  }

  /**
   * Deletes the uploads of which no part has been written for some time.
   * @param beforeMs milliseconds since 1970
   * @returns how many were deleted
   */
  async expire(beforeMs: number): Promise<number> {
    let expired = 0;
    await this.#context.claims.removeDead();
    for await (const user of this.#listUsers()) {
      for (const name of await listSorted(user)) {
        const directory = path.join(user, name);
        if (((await readWrittenMs(directory)) ?? Infinity) >= beforeMs) continue;
        await this.#remove(user, directory);
        expired++;
      }
    }
    return expired;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open[Symbol.asyncDispose]();
    await this.#context.claims[Symbol.asyncDispose]();
  }

  #userDirectory(userId: bigint): string {
    return path.join(this.#options.root, String(userId));
  }

  #directory(userId: bigint, fileId: bigint): string {
    return path.join(this.#userDirectory(userId), BigInt.asUintN(64, fileId).toString(16).padStart(16, '0'));
  }

  async *#listUsers(): AsyncIterable<string> {
    for (const name of await listSorted(this.#options.root)) {
      if (USER_DIRECTORY.test(name)) yield path.join(this.#options.root, name);
    }
  }

  /** Repeats an operation whose files were replaced or deleted meanwhile. */
  async #attempt<T>(operation: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await operation();
        if (result !== undefined) return result;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || attempt >= ATTEMPTS) throw error;
      }
      if (attempt >= ATTEMPTS) throw new PartBusy('an upload was begun anew too often at the same time');
    }
  }

  async #trySave(place: PartPlace, bytes: Uint8Array, isStored?: () => Promise<boolean>): Promise<SaveResult | undefined> {
    const directory = this.#directory(place.userId, place.fileId);
    const result = await this.#open.use(directory, (upload) => this.#saveInto(upload, place, bytes));
    if (result === 'none') return undefined;
    if (result !== undefined) return result;
    if ((await isStored?.()) === true) return { outcome: 'saved' };
    if (!(await this.#create(place, bytes.length))) return { outcome: 'refused', reason: 'too-many' };
    return undefined;
  }

  /** Saves a part. @returns `none` if the upload does not exist any longer */
  async #saveInto(upload: OpenUpload, place: PartPlace, bytes: Uint8Array): Promise<SaveResult | 'none'> {
    const { map } = upload;
    const refusal = await this.#checkInto(upload, place, bytes.length);
    if (refusal) return { outcome: 'refused', reason: refusal };
    const written = await writePart(this.#context.claims, upload, place.part, bytes);
    if (written === 'behind-end') return { outcome: 'refused', reason: 'part-invalid' };
    if (written === 'other-body') {
      const bytes = await measureMap(map);
      await dropUpload(upload);
      this.#held.add(this.#userDirectory(place.userId), -bytes, -1);
      return 'none';
    }
    if (map.isGone()) return 'none';
    if (written === 'written') this.#held.add(this.#userDirectory(place.userId), bytes.length);
    return { outcome: 'saved' };
  }

  /** Checks a part together with what has arrived before, and remembers the number of parts. */
  async #checkInto(upload: OpenUpload, place: PartPlace, length: number): Promise<UploadRefusal | undefined> {
    const { map } = upload;
    const { part, totalParts } = place;
    const total = totalParts === UNKNOWN_TOTAL ? undefined : totalParts;
    const known = total === undefined ? map.head.total : await map.readTotal();
    if (known !== undefined && total !== undefined && total !== known) return 'parts-invalid';
    if (known !== undefined && part >= known) return 'part-invalid';
    if (length !== map.head.partSize) {
      // The last part, or one that does not fit.
      const lengths = await map.readLengths(this.#options.maxParts);
      lengths[part] = length;
      const refusal = checkTogether({ lengths, partSize: map.head.partSize, total: total ?? known });
      if (refusal) return refusal;
      // If the last part came first, the map does not say the part size, and this saves reading it all for each part.
      map.head.partSize ??= partSizeFrom(place, length);
    }
    return total === undefined || (await setTotal(this.#context, upload, total)) === total ? undefined : 'parts-invalid';
  }

  /** Creates an upload. @returns false if the user has too many */
  async #create(place: PartPlace, length: number): Promise<boolean> {
    const { userId, fileId, totalParts } = place;
    const [user, directory] = [this.#userDirectory(userId), this.#directory(userId, fileId)];
    if (!(await this.#reserve(user))) return false;
    let isNew = false;
    try {
      const partSize = partSizeFrom(place, length);
      // Not recursively: that fails with other errors when a directory is deleted at the same time.
      await makeDirectory(user);
      await makeDirectory(directory);
      isNew = await createUpload(this.#context, directory, {
        partSize,
        slotBytes: partSize ?? MAX_PART_BYTES,
        total: totalParts === UNKNOWN_TOTAL ? undefined : totalParts,
      });
    } finally {
      if (!isNew) this.#held.add(user, -UPLOAD_OVERHEAD_BYTES, -1);
    }
    return true;
  }

  /** Counts one more upload of a user, in the place of an idle one if there are too many. @returns false if there is no place */
  async #reserve(user: string): Promise<boolean> {
    await this.#held.of(user);
    const most = this.#options.maxUploadsPerUser;
    return this.#held.reserve(user, most) || ((await this.#removeIdle(user)) && this.#held.reserve(user, most));
  }

  /** Deletes one upload of a user that seems to be abandoned: its client would otherwise wait for it to expire. @returns whether there was one */
  async #removeIdle(user: string): Promise<boolean> {
    const beforeMs = this.#options.clock.nowMs() - IDLE_MS;
    const directory = this.#held.takeIdle(user, beforeMs);
    // A part may have arrived since the files were counted.
    if (directory === undefined || ((await readWrittenMs(directory)) ?? Infinity) >= beforeMs) return false;
    await this.#remove(user, directory);
    return true;
  }

  async #tryFinish(directory: string, parts: number, admit?: (size: number) => Promise<void>): Promise<FinishResult | undefined> {
    const result = await this.#open.use(directory, (upload) => this.#finishOpen(upload, parts, admit));
    if (result === 'packed') return undefined;
    return result ?? { outcome: 'absent' };
  }

  /** Finishes an upload. @returns `packed` if its parts had to be moved first, so that it is to be opened again */
  async #finishOpen(upload: OpenUpload, parts: number, admit?: (size: number) => Promise<void>): Promise<FinishResult | 'packed'> {
    const { map } = upload;
    const total = await map.readTotal();
    const entries = await map.readEntries();
    if ((total !== undefined && total !== parts) || entries.length > parts) return { outcome: 'refused', reason: 'parts-invalid' };
    for (let part = 0; part < parts; part++) if (entries[part]?.state !== 'whole') return { outcome: 'missing', part };
    const lengths = entries.map(({ length }) => length);
    const refusal = checkTogether({ lengths, partSize: map.head.partSize, total: parts });
    if (refusal) return { outcome: 'refused', reason: refusal };
    await admit?.(lengths.reduce((sum, length) => sum + length, 0));
    // From now on no part is written behind the end. One may be on its way there.
    const isEnd = (await setTotal(this.#context, upload, parts)) === parts && (await map.readEntries()).length === parts;
    if (!isEnd) return { outcome: 'refused', reason: 'parts-invalid' };
    const partSize = lengths[0]!;
    if (parts === 1 || partSize === map.head.slotBytes) return { outcome: 'finished', file: await completeUpload(upload, lengths) };
    await packUpload(this.#context, upload, lengths, partSize);
    return 'packed';
  }

  async #remove(user: string, directory: string): Promise<void> {
    const bytes = (await readWrittenMs(directory)) === undefined ? undefined : await measureUpload(directory);
    // Processes that still write parts notice that the map is gone.
    await rm(path.join(directory, 'map'), { force: true });
    await this.#open.forget(directory);
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    if (bytes !== undefined) this.#held.add(user, -bytes, -1);
    await rmdir(user).catch((error: unknown) => {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    });
  }
}

async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}
