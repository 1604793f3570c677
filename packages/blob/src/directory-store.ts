import { constants } from 'node:fs';
import { type FileHandle, copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type Clock, linkExclusively, syncDirectory } from '@aerogram/runtime';
import {
  type BlobEntry,
  type BlobListing,
  type BlobStore,
  BlobMissing,
  BlobSizeMismatch,
  STEP_BYTES,
  checkBlobName,
} from './blob-store.ts';
import { KeptOpen } from './kept-open.ts';
import { codeOf, ifThere, listSorted, readAt, syncFile, writeAt } from './file-io.ts';

/** Where drafts are written; no shard has this name. */
const DRAFTS = 'drafts';

const SHARD_DIGITS = 2;
/** The file that says to whom the blobs belong. */
const OWNER = 'owner';

/** Whether a file cannot get a second name there, such as on another disk, so that it must be copied. */
const isLinkRefused = (error: unknown): boolean => ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes(codeOf(error) ?? '');

/**
 * Keeps blobs as files: `<root>/ab/cd/abcd…`. A draft becomes a blob by a hard link, which fails if the name exists, so a blob is never
 * seen in part and never replaced. Several processes may use one directory.
 */
export class DirectoryStore implements BlobStore, AsyncDisposable {
  readonly #root: string;
  /** Shards that are known to exist. */
  readonly #shards = new Set<string>();
  /** Shards with links that were not synced yet. */
  readonly #unsynced = new Set<string>();

  /** Blobs that `read` has read lately. */
  readonly #kept: KeptOpen<FileHandle> | undefined;

  private constructor(root: string, clock?: Clock) {
    this.#root = root;
    this.#kept = clock && new KeptOpen({ clock, open: (name) => this.#open(name) });
  }

  /**
   * Opens the store in the directory `root`, which is created if it is missing.
   * @param clock with it, `read` keeps the files of blobs open for some seconds, and the caller disposes of the store
   */
  static async open(root: string, clock?: Clock): Promise<DirectoryStore> {
    await mkdir(path.join(root, DRAFTS), { recursive: true, mode: 0o700 });
    await syncDirectory(root);
    return new DirectoryStore(root, clock);
  }

  async put(name: string, size: number, source: AsyncIterable<Uint8Array>): Promise<void> {
    if (await this.stat(name)) return;
    const mismatch = (): BlobSizeMismatch => new BlobSizeMismatch(`the source of blob ${name} does not have ${size} bytes`);
    await this.#place(name, async (draft) => {
      const file = await open(draft, 'wx', 0o600);
      try {
        let written = 0;
        for await (const bytes of source) {
          if (written + bytes.length > size) throw mismatch();
          await writeAt(file, written, bytes);
          written += bytes.length;
        }
        if (written !== size) throw mismatch();
        await syncFile(file);
      } finally {
        await file.close();
      }
    });
  }

  async adopt(source: string, name: string, size: number): Promise<void> {
    if (await this.stat(name)) return;
    await this.#place(name, async (draft) => {
      try {
        await linkExclusively(source, draft);
      } catch (error) {
        if (!isLinkRefused(error)) throw error;
        await copyFile(source, draft, constants.COPYFILE_EXCL);
      }
      const file = await open(draft, 'r+');
      try {
        const found = (await file.stat()).size;
        if (found !== size) throw new BlobSizeMismatch(`the file for blob ${name} has ${found} bytes instead of ${size}`);
        await syncFile(file);
      } finally {
        await file.close();
      }
    });
  }

  /**
   * Stores a blob of this store in another one, by a link if both are on the same disk. A link may be lost in a power failure until the other store's `syncLinks` returns.
   * @throws an error with the code ENOENT if there is none of that name
   */
  async give(to: DirectoryStore, name: string, size: number): Promise<void> {
    const [source, target] = [this.#pathOf(name), to.#pathOf(name)];
    const shard = path.dirname(target);
    try {
      if (!to.#unsynced.has(shard)) await mkdir(shard, { recursive: true, mode: 0o700 });
      await linkExclusively(source, target);
      to.#unsynced.add(shard);
    } catch (error) {
      if (!isLinkRefused(error)) throw error;
      await to.adopt(source, name, size);
    }
  }

  /**
   * Whether this store and another one have the same bytes for a name. Reads both, unless they are one file with two names.
   * @throws BlobMissing if one of them has no blob of that name
   */
  async hasSameBytes(other: DirectoryStore, name: string): Promise<boolean> {
    await using ours = await this.#open(name);
    await using theirs = await other.#open(name);
    const [one, two] = await Promise.all([ours.stat(), theirs.stat()]);
    if (one.dev === two.dev && one.ino === two.ino) return true;
    if (one.size !== two.size) return false;
    for (let at = 0; at < one.size; at += STEP_BYTES) {
      const [left, right] = await Promise.all([readAt(ours, at, STEP_BYTES), readAt(theirs, at, STEP_BYTES)]);
      if (left.length === 0 || !left.equals(right)) return false;
    }
    return true;
  }

  /** Makes the links that other stores have given survive a power failure. */
  async syncLinks(): Promise<void> {
    for (const directory of new Set([...this.#unsynced, ...[...this.#unsynced].map((shard) => path.dirname(shard)), this.#root])) await syncDirectory(directory);
    this.#unsynced.clear();
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#kept?.use(name, (file) => readAt(file, offset, length));
    if (bytes) return bytes;
    await using file = await this.#open(name);
    return await readAt(file, offset, length);
  }

  async *readStream(name: string, from = 0): AsyncIterable<Uint8Array> {
    const file = await this.#open(name);
    try {
      for (let at = from; ; ) {
        const bytes = await readAt(file, at, STEP_BYTES);
        if (bytes.length === 0) return;
        yield bytes;
        at += bytes.length;
      }
    } finally {
      await file.close();
    }
  }

  async stat(name: string): Promise<{ size: number } | undefined> {
    const found = await ifThere(stat(this.#pathOf(name)));
    return found && { size: found.size };
  }

  async remove(name: string): Promise<void> {
    await this.#kept?.forget(name);
    await rm(this.#pathOf(name), { force: true });
  }

  async list({ prefix = '', after = '', limit }: BlobListing): Promise<BlobEntry[]> {
    const entries: BlobEntry[] = [];
    const isWanted = (start: string): boolean =>
      (start.startsWith(prefix) || prefix.startsWith(start)) && start >= after.slice(0, start.length);
    for (const first of await listSorted(this.#root)) {
      if (first === DRAFTS || first === OWNER || !isWanted(first)) continue;
      for (const second of await listSorted(path.join(this.#root, first))) {
        if (!isWanted(first + second)) continue;
        for (const name of await listSorted(path.join(this.#root, first, second))) {
          if (!name.startsWith(prefix) || name <= after) continue;
          const found = await this.stat(name);
          if (found) entries.push({ name, size: found.size });
          if (entries.length >= limit) return entries;
        }
      }
    }
    return entries;
  }

  async removeLeftovers(beforeMs: number): Promise<number> {
    let removed = 0;
    for (const name of await listSorted(path.join(this.#root, DRAFTS))) {
      const draft = path.join(this.#root, DRAFTS, name);
      // Adopted drafts are links, whose content is old; the change time is that of the link.
      const found = await stat(draft).catch(() => undefined);
      if (!found || found.ctimeMs >= beforeMs) continue;
      await rm(draft, { force: true });
      removed++;
    }
    return removed;
  }

  findOwner(): Promise<string | undefined> {
    return ifThere(readFile(path.join(this.#root, OWNER), 'utf8'));
  }

  async setOwner(owner: string, { replaces }: { replaces: boolean }): Promise<void> {
    const [draft, target] = [path.join(this.#root, DRAFTS, `${OWNER}.${randomUUID()}`), path.join(this.#root, OWNER)];
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(owner);
        await syncFile(file);
      } finally {
        await file.close();
      }
      if (replaces) await rename(draft, target);
      else await linkExclusively(draft, target);
      await syncDirectory(this.#root);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept?.[Symbol.asyncDispose]();
  }

  #shardOf(name: string): string {
    checkBlobName(name);
    return path.join(name.slice(0, SHARD_DIGITS), name.slice(SHARD_DIGITS, 2 * SHARD_DIGITS));
  }

  #pathOf(name: string): string {
    return path.join(this.#root, this.#shardOf(name), name);
  }

  async #open(name: string): Promise<FileHandle> {
    try {
      return await open(this.#pathOf(name), 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new BlobMissing(name);
      throw error;
    }
  }

  /** Makes a synced draft and gives it its name. */
  async #place(name: string, makeDraft: (draft: string) => Promise<void>): Promise<void> {
    const draft = path.join(this.#root, DRAFTS, `${name}.${randomUUID()}`);
    try {
      await makeDraft(draft);
      const shard = await this.#makeShard(name);
      await linkExclusively(draft, this.#pathOf(name));
      await syncDirectory(shard);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Creates the directories of a shard so that they survive a power failure. */
  async #makeShard(name: string): Promise<string> {
    const shard = this.#shardOf(name);
    const directory = path.join(this.#root, shard);
    if (!this.#shards.has(shard)) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await syncDirectory(path.dirname(directory));
      await syncDirectory(this.#root);
      this.#shards.add(shard);
    }
    return directory;
  }
}
