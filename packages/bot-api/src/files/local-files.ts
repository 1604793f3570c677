import { rmSync } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { LinkedFile } from '@aerogram/domain';
import { type Clock, type Logger, type TimerHandle, TurnQueue } from '@aerogram/runtime';

/** For how long a copy is kept after the last request for it, in milliseconds. */
const KEPT_MS = 3_600_000;
/** How often copies are deleted whose time is over. */
const SWEEP_MS = 60_000;
/** Copies that one process keeps at most. */
const COPIES_MAX = 100_000;
/** Copies that are written at once. */
const WRITING_MAX = 4;
/** Bytes that are read and written in one step. */
const STEP_BYTES = 512 * 1024;

const BOT_FOLDER = /^[1-9]\d{0,18}$/;
/** A copy in the folder of its bot. Drafts have a tilde at the end, so none of them is taken for a copy. */
const COPY = /^[a-z_]{1,20}\/[\w-]{8,64}(?:\.[A-Za-z0-9]{1,10})?$/;

/** What {@link LocalFiles} needs. */
export interface LocalFilesDeps {
  /** Absolute path of the folder with the copies. Nothing else is in it. */
  root: string;
  /** Bytes that the copies of this process may have together. */
  bytesMax: number;
  /** Whether this process answers for a bot: each bot has a folder, which only one process touches. */
  owns(botId: bigint): boolean;
  /** Whether a bot exists and is not deleted. */
  isBot(botId: bigint): Promise<boolean>;
  /** Calls back when a bot has changed. The hint may be lost. */
  onBotChange(listener: (botId: bigint) => void): Disposable;
  /** Why no file may be written now; undefined if files may be written. */
  refusal(): Error | undefined;
  clock: Clock;
  log: Logger;
}

/** A file that is copied. */
export type CopiedFile = Pick<LinkedFile, 'size' | 'read'>;

/** A copy that is there, or being written. */
interface Copy {
  bytes: number;
  /** When it was asked for last, in milliseconds since 1970. */
  usedMs: number;
}

/**
 * Copies of files that programs on this machine read by their paths: the local mode of the Bot API. The server's own files are encrypted, so a copy is made when a bot asks for
 * a file, and deleted an hour after the bot has asked last; earlier if all copies together have too many bytes, or the bot is deleted. When a copy was used last is the time of
 * its file, so that the next start knows it.
 */
export class LocalFiles implements AsyncDisposable {
  readonly #deps: LocalFilesDeps;
  /** By their paths in the root; those that were used last are at the end. */
  readonly #copies = new Map<string, Copy>();
  /** Number of copies by the folder of the bot. */
  readonly #countOf = new Map<string, number>();
  #bytes = 0;
  /** What is being done with a copy, by its path: one thing after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #toWrite = new TurnQueue<string, () => void>();
  #writing = 0;
  readonly #timer: TimerHandle;
  readonly #changes: Disposable;
  #isEnded = false;

  private constructor(deps: LocalFilesDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => void this.#sweep(), SWEEP_MS);
    this.#changes = deps.onBotChange((botId) => {
      if (this.#countOf.has(String(botId))) void this.#dropIfDeleted(botId);
    });
  }

  /** Finds the copies that are left of an earlier run, and deletes those whose time is over. */
  static async open(deps: LocalFilesDeps): Promise<LocalFiles> {
    const files = new LocalFiles(deps);
    await files.#load();
    return files;
  }

  /**
   * Makes a copy of a file for a bot, unless it is there.
   * @param name folder and name of the copy, such as `documents/abcdefgh.txt`: the same for the same file
   * @returns the absolute path; undefined if the file cannot be read or written now, which is logged. Never rejects
   */
  async copy(botId: bigint, name: string, file: CopiedFile): Promise<string | undefined> {
    if (!COPY.test(name)) return undefined;
    const place = `${botId}/${name}`;
    try {
      await this.#inTurn(place, () => this.#bring(place, file));
      return path.join(this.#deps.root, place);
    } catch (error) {
      this.#deps.log.error({ err: error, botId }, 'a file could not be copied for a bot');
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    this.#timer.cancel();
    this.#changes[Symbol.dispose]();
    while (this.#turns.size > 0) await Promise.allSettled(this.#turns.values());
  }

  async #bring(place: string, file: CopiedFile): Promise<void> {
    // Noted first, so that nobody removes it meanwhile.
    this.#note(place, { bytes: file.size, usedMs: this.#deps.clock.nowMs() });
    try {
      if (await this.#renew(place, file.size)) return;
      await this.#remove(this.#excess());
      await this.#inWritingTurn(folderOf(place), () => this.#write(place, file));
    } catch (error) {
      this.#forget(place);
      throw error;
    }
  }

  /** Notes that a copy was used. @returns false if it is not there, perhaps because its bot has deleted it */
  async #renew(place: string, size: number): Promise<boolean> {
    const target = path.join(this.#deps.root, place);
    const found = await ifThere(lstat(target));
    if (found === undefined) return false;
    if (!found.isFile() || found.size !== size) {
      await rm(target, { recursive: true, force: true });
      return false;
    }
    const date = this.#deps.clock.nowMs() / 1000;
    return (await ifThere(utimes(target, date, date).then(() => true))) ?? false;
  }

  /** Writes a copy under another name first, so that nobody reads half of it. */
  async #write(place: string, file: CopiedFile): Promise<void> {
    const refusal = this.#deps.refusal();
    if (refusal !== undefined) throw refusal;
    const target = path.join(this.#deps.root, place);
    const draft = `${target}~`;
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    try {
      await using handle = await open(draft, 'w', 0o600);
      for (let at = 0; at < file.size; ) {
        if (this.#isEnded) throw new Error('the server stops');
        const bytes = await file.read(at, Math.min(STEP_BYTES, file.size - at));
        if (bytes.length === 0) throw new Error('the store has fewer bytes of a file than it should have');
        await handle.writeFile(bytes);
        at += bytes.length;
      }
      const date = this.#deps.clock.nowMs() / 1000;
      await handle.utimes(date, date);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async #load(): Promise<void> {
    const { root, owns, clock } = this.#deps;
    const found: [place: string, copy: Copy][] = [];
    for (const folder of (await ifThere(readdir(root))) ?? []) {
      if (!BOT_FOLDER.test(folder) || !owns(BigInt(folder))) continue;
      for (const entry of (await ifThere(readdir(path.join(root, folder), { recursive: true, withFileTypes: true }))) ?? []) {
        if (entry.isDirectory()) continue;
        const file = path.join(entry.parentPath, entry.name);
        const name = path.relative(path.join(root, folder), file).split(path.sep).join('/');
        const stats = entry.isFile() && COPY.test(name) ? await ifThere(lstat(file)) : undefined;
        if (stats === undefined) await rm(file, { force: true });
        else found.push([`${folder}/${name}`, { bytes: stats.size, usedMs: Math.min(stats.mtimeMs, clock.nowMs()) }]);
      }
      if (!found.some(([place]) => folderOf(place) === folder)) this.#removeFolder(folder);
    }
    for (const [place, copy] of found.toSorted(([, one], [, other]) => one.usedMs - other.usedMs)) this.#note(place, copy);
    await this.#sweep();
  }

  async #sweep(): Promise<void> {
    await this.#remove(this.#expired());
    await this.#remove(this.#excess());
  }

  /** The copies whose time is over. */
  #expired(): string[] {
    const untilMs = this.#deps.clock.nowMs() - KEPT_MS;
    return [...this.#copies].filter(([place, { usedMs }]) => usedMs <= untilMs && !this.#turns.has(place)).map(([place]) => place);
  }

  /** The oldest copies, as far as there are too many. Those that are being written stay. */
  #excess(): string[] {
    let [bytes, count] = [this.#bytes, this.#copies.size];
    const places: string[] = [];
    for (const [place, copy] of this.#copies) {
      if (bytes <= this.#deps.bytesMax && count <= COPIES_MAX) break;
      if (this.#turns.has(place)) continue;
      places.push(place);
      bytes -= copy.bytes;
      count -= 1;
    }
    return places;
  }

  async #dropIfDeleted(botId: bigint): Promise<void> {
    try {
      if (await this.#deps.isBot(botId)) return;
    } catch (error) {
      this.#deps.log.warn({ err: error, botId }, 'the server does not know whether a bot is deleted');
      return;
    }
    const folder = String(botId);
    await this.#remove([...this.#copies.keys()].filter((place) => folderOf(place) === folder && !this.#turns.has(place)));
  }

  /** Deletes copies, and the folders of bots that have none left. Never rejects. */
  async #remove(places: readonly string[]): Promise<void> {
    if (places.length === 0) return;
    // Whoever asks for one of them from now on waits for the deletion, and writes it again.
    for (const place of places) this.#forget(place);
    const removals = places.map((place) => this.#inTurn(place, () => rm(path.join(this.#deps.root, place), { force: true })));
    for (const removal of await Promise.allSettled(removals)) if (removal.status === 'rejected') this.#deps.log.warn({ err: removal.reason as unknown }, 'the copy of a file could not be deleted');
    for (const folder of new Set(places.map((place) => folderOf(place)))) {
      if (!this.#countOf.has(folder) && ![...this.#turns.keys()].some((place) => folderOf(place) === folder)) this.#removeFolder(folder);
    }
  }

  /** Deletes the folder of a bot without copies. At once, because a copy that begins meanwhile would have no folder. */
  #removeFolder(folder: string): void {
    try {
      rmSync(path.join(this.#deps.root, folder), { recursive: true, force: true });
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the folder with the files of a bot could not be deleted');
    }
  }

  #note(place: string, copy: Copy): void {
    this.#forget(place);
    this.#copies.set(place, copy);
    this.#bytes += copy.bytes;
    this.#countOf.set(folderOf(place), (this.#countOf.get(folderOf(place)) ?? 0) + 1);
  }

  #forget(place: string): void {
    const copy = this.#copies.get(place);
    if (copy === undefined) return;
    this.#copies.delete(place);
    this.#bytes -= copy.bytes;
    const count = this.#countOf.get(folderOf(place))! - 1;
    if (count > 0) this.#countOf.set(folderOf(place), count);
    else this.#countOf.delete(folderOf(place));
  }

  /** Does something with a copy once everything that was begun with it before has ended. */
  async #inTurn<T>(place: string, work: () => Promise<T>): Promise<T> {
    const turn = Promise.resolve(this.#turns.get(place)).then(work, work);
    this.#turns.set(place, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(place) === turn) this.#turns.delete(place);
    }
  }

  /** Writes a copy when there is a turn for it: few at once, bots in turn. */
  async #inWritingTurn(folder: string, work: () => Promise<void>): Promise<void> {
    if (this.#writing < WRITING_MAX) this.#writing += 1;
    else await new Promise<void>((resolve) => this.#toWrite.add(folder, resolve));
    try {
      await work();
    } finally {
      const next = this.#toWrite.take();
      if (next) next();
      else this.#writing -= 1;
    }
  }
}

/** The folder of the bot in the path of a copy. Pure. */
function folderOf(place: string): string {
  return place.slice(0, place.indexOf('/'));
}

/** What a call of the file system returns; undefined if the file does not exist. */
async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
