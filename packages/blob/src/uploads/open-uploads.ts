import type { Clock, TimerHandle } from '@aerogram/runtime';
import { type OpenUpload, type UploadContext, openUpload } from './upload-files.ts';

interface Entry {
  /** Undefined when there is no upload in the directory. */
  opening: Promise<OpenUpload | undefined>;
  /** Operations that use the files now. */
  users: number;
  usedMs: number;
}

const MOST_OPEN = 256;
const IDLE_MS = 10_000;

/**
 * Keeps the files of uploads open between parts, because opening them costs more than writing a part. Files that nothing has used for ten
 * seconds are closed, so that the disk space of deleted ones is freed.
 */
export class OpenUploads implements AsyncDisposable {
  readonly #context: UploadContext;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #timer: TimerHandle | undefined;

  constructor(context: UploadContext, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  /**
   * Runs `action` on the open files of an upload.
   * @returns undefined if there is no upload in the directory, or what `action` returns
   */
  async use<T>(directory: string, action: (upload: OpenUpload) => Promise<T>): Promise<T | undefined> {
    const entry = this.#entries.get(directory) ?? this.#open(directory);
    entry.users++;
    try {
      const upload = await entry.opening;
      if (!upload || upload.map.isGone()) {
        this.#forget(directory, entry);
        return upload && (await this.use(directory, action));
      }
      return await action(upload);
    } catch (error) {
      this.#forget(directory, entry);
      throw error;
    } finally {
      entry.users--;
      entry.usedMs = this.#clock.monotonicMs();
      if (entry.users === 0 && this.#entries.get(directory) !== entry) await close(entry);
    }
  }

  /** Stops keeping the files of an upload open: closes them at once, or when the last operation that uses them has ended. */
  async forget(directory: string): Promise<void> {
    const entry = this.#entries.get(directory);
    if (!entry) return;
    this.#forget(directory, entry);
    if (entry.users === 0) await close(entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await Promise.all([...this.#entries.keys()].map((directory) => this.forget(directory)));
  }

  #open(directory: string): Entry {
    if (this.#entries.size >= MOST_OPEN) this.#closeIdle(0);
    const entry: Entry = { opening: openUpload(this.#context, directory), users: 0, usedMs: this.#clock.monotonicMs() };
    this.#entries.set(directory, entry);
    this.#timer ??= this.#clock.setInterval(() => this.#closeIdle(IDLE_MS), IDLE_MS);
    return entry;
  }

  #closeIdle(idleMs: number): void {
    const before = this.#clock.monotonicMs() - idleMs;
    for (const [directory, entry] of this.#entries) {
      if (entry.users === 0 && entry.usedMs <= before) void this.forget(directory);
    }
    if (this.#entries.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #forget(directory: string, entry: Entry): void {
    if (this.#entries.get(directory) === entry) this.#entries.delete(directory);
  }
}

async function close(entry: Entry): Promise<void> {
  try {
    const upload = await entry.opening;
    await upload?.[Symbol.asyncDispose]();
  } catch {
    // Whoever uses the entry gets the error of opening. What was written has been awaited, so a failure to close loses nothing.
  }
}
