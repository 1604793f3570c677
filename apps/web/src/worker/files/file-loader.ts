import type { tl } from '@mtcute/core';
import { fileKey, type FilePart, type FileRef } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import { KeptFiles } from '../kept-files.ts';
import type { HistoryLoader } from '../load-history.ts';
import { isRefusal, Refused, refusalOf } from '../refusal.ts';
import { FileCache } from './file-cache.ts';
import { findSource, type Places, type Source } from './find-source.ts';
import { PartStore } from './part-store.ts';
import { StickerSets } from '../sticker-sets.ts';
import { ShownFiles } from './shown-files.ts';
import { sniffType } from './sniff-type.ts';
import { Turns } from './turns.ts';

/** Bytes of a part. Parts begin at multiples of it, and never reach over a whole MiB, as the server asks. @see https://core.telegram.org/api/files#downloading-files */
const PART_BYTES = 512 * 1024;
/** Bytes of a part of a file whose length is not known: such files are small pictures. */
const UNKNOWN_PART_BYTES = 64 * 1024;
/** The shortest part that the server gives. */
const SHORT_PART_BYTES = 4096;
/** Parts of one file that are asked for at once, and of all files. */
const FILE_TURNS = 3;

const ALL_TURNS = 8;
/** A file of at most this length comes over the connection that is open already. */
const SMALL_BYTES = 128 * 1024;
/** Files of which it is noted where they are. */
const SOURCES_KEPT = 200;
/** Errors after which the message is asked for again, because its references are too old. */
const STALE = new Set(['FILE_REFERENCE_EXPIRED', 'FILE_REFERENCE_INVALID', 'FILE_REFERENCE_EMPTY']);

type Progress = (loaded: number, total: number) => void;

/** A file that is being loaded as a whole. */
interface Running {
  blob: Promise<Blob>;
  abort: AbortController;
  listeners: Set<Progress>;
}

/** Loads files, each once. What has come of a file stays when its transfer ends early, so the next one goes on from there. */
export class FileLoader {
  readonly #account: Account;
  readonly #places: Places;
  /** The stickers and GIFs of the account. */
  readonly kept: KeptFiles;
  readonly stickers: StickerSets;
  /** Files of no message. */
  readonly shown = new ShownFiles();
  readonly #cache: FileCache;
  readonly #parts = new PartStore();
  readonly #turns = new Turns(ALL_TURNS);
  #sources = new Map<string, Promise<Source>>();
  #asked = new Map<string, Promise<Blob>>();
  #running = new Map<string, Running>();

  constructor(account: Account, history: HistoryLoader) {
    this.#account = account;
    this.kept = new KeptFiles(account);
    this.stickers = new StickerSets(account);
    this.#places = { account, history, kept: this.kept, shown: this.shown, stickers: this.stickers };
    this.#cache = new FileCache(account.database);
  }

  /** Loads a whole file. */
  async load(file: FileRef, onProgress: Progress): Promise<Blob> {
    const key = fileKey(file);
    const kept = await this.#cache.get(key);
    if (kept) return kept;
    const running = this.#running.get(key);
    if (running) {
      running.listeners.add(onProgress);
      return await running.blob;
    }
    const abort = new AbortController();
    const listeners = new Set([onProgress]);
    const blob = this.#loadWhole(file, { listeners, signal: abort.signal }).finally(() => this.#running.delete(key));
    this.#running.set(key, { blob, abort, listeners });
    return await blob;
  }

  /** Stops loading a file. */
  cancel(file: FileRef): void {
    this.#running.get(fileKey(file))?.abort.abort();
  }

  /** Loads the part of a file that holds a place, for somebody who does not need all of it. */
  async part(file: FileRef, from: number): Promise<FilePart> {
    const kept = await this.#cache.get(fileKey(file));
    const total = kept?.size ?? (await this.#sourceOf(file)).bytes ?? 0;
    if (from < 0 || from >= total) return { bytes: new ArrayBuffer(0), total, type: 'application/octet-stream' };
    const index = Math.floor(from / PART_BYTES);
    const partAt = async (at: number): Promise<Blob> => kept?.slice(at * PART_BYTES, (at + 1) * PART_BYTES) ?? (await this.#part(file, at));
    // The first part says what the file is.
    const [first, part] = await Promise.all([partAt(0), partAt(index)]);
    return { bytes: await part.slice(from - index * PART_BYTES).arrayBuffer(), total, type: kept?.type ?? (await this.#typeOf(file, first)) };
  }

  async #loadWhole(file: FileRef, { listeners, signal }: { listeners: Set<Progress>; signal: AbortSignal }): Promise<Blob> {
    const key = fileKey(file);
    this.#parts.pin(key);
    try {
      const parts = await this.#loadParts(file, { listeners, signal }).catch((error: unknown) => {
        throw signal.aborted ? new Refused({ code: 'CANCELLED' }) : error;
      });
      const blob = new Blob(parts, { type: await this.#typeOf(file, parts[0] ?? new Blob()) });
      this.#parts.drop(key);
      const { isPassing } = await this.#sourceOf(file);
      if (!isPassing) await this.#cache.put(key, blob).catch(() => undefined);
      return blob;
    } finally {
      this.#parts.unpin(key);
      this.#sources.delete(key);
    }
  }

  async #loadParts(file: FileRef, { listeners, signal }: { listeners: Set<Progress>; signal: AbortSignal }): Promise<Blob[]> {
    const source = await this.#sourceOf(file);
    const { bytes } = source;
    const count = bytes === undefined ? Infinity : Math.max(1, Math.ceil(bytes / PART_BYTES));
    const parts: Blob[] = [];
    let [next, loaded, isEnd] = [0, 0, false];
    const loadNext = async (): Promise<void> => {
      while (next < count && !isEnd) {
        const index = next++;
        signal.throwIfAborted();
        const part = await this.#part(file, index, signal);
        parts[index] = part;
        loaded += part.size;
        if (part.size < partBytesOf(source)) isEnd = true;
        for (const tell of listeners) tell(loaded, bytes ?? loaded);
      }
    };
    // A file whose length is not known is loaded part by part until its end.
    await Promise.all(Array.from({ length: Math.min(FILE_TURNS, count === Infinity ? 1 : count) }, loadNext));
    return parts;
  }

  /** One part: from memory, or from the server. Calls at the same time ask once, unless one of them can be stopped. */
  async #part(file: FileRef, index: number, signal?: AbortSignal): Promise<Blob> {
    const key = fileKey(file);
    const known = this.#parts.get(key, index);
    if (known) return known;
    const name = `${key}#${index}`;
    const asked = signal ? undefined : this.#asked.get(name);
    if (asked) return await asked;
    const part = this.#turns.take(async () => await this.#ask(file, index, signal)).finally(() => this.#asked.delete(name));
    if (!signal) this.#asked.set(name, part);
    const loaded = await part;
    this.#parts.put(key, index, loaded);
    return loaded;
  }

  async #ask(file: FileRef, index: number, signal?: AbortSignal): Promise<Blob> {
    signal?.throwIfAborted();
    return await this.#withSource(file, (source) => this.#askFrom(source, index, signal));
  }

  /** Does something where a file is; and again, if what was known of its place was too old. */
  async #withSource<Result>(file: FileRef, act: (source: Source) => Promise<Result>): Promise<Result> {
    try {
      return await act(await this.#sourceOf(file));
    } catch (error) {
      if (file.of === 'peer' || !STALE.has(refusalOf(error).code)) throw error;
      this.#sources.set(fileKey(file), findSource(this.#places, file, true));
      return await act(await this.#sourceOf(file));
    }
  }

  /** Asks the server for something about a document. @throws Refused FILE_ID_INVALID for other files */
  async withDocument<Result>(file: FileRef, act: (id: tl.RawInputDocument) => Promise<Result>): Promise<Result> {
    return await this.#withSource(file, async ({ location }) => {
      if (location._ !== 'inputDocumentFileLocation') throw new Refused({ code: 'FILE_ID_INVALID' });
      const { id, accessHash, fileReference } = location;
      return await act({ _: 'inputDocument', id, accessHash, fileReference });
    });
  }

  async #askFrom(source: Source, index: number, signal?: AbortSignal): Promise<Blob> {
    const { location, dc, bytes } = source;
    const kind = bytes === undefined || bytes <= SMALL_BYTES ? 'main' : 'download';
    try {
      const place = placeOf(source, index);
      const request = location._ === 'inputWebFileLocation' ? ({ _: 'upload.getWebFile', location, ...place } as const) : ({ _: 'upload.getFile', location, ...place } as const);
      // The call waits for the connection, and is sent again over the next one.
      const answer = await this.#account.client.call(request, { kind, dcId: dc, maxRetryCount: Infinity, floodSleepThreshold: Infinity, abortSignal: signal });
      if (answer._ !== 'upload.file' && answer._ !== 'upload.webFile') throw new Error('the server sent the client elsewhere');
      return new Blob([answer.bytes as BlobPart]);
    } catch (error) {
      if (!isRefusal(error, 'FILE_MIGRATE_%d')) throw error;
      source.dc = (error as Error & { newDc: number }).newDc;
      return await this.#askFrom(source, index, signal);
    }
  }

  async #typeOf(file: FileRef, first: Blob): Promise<string> {
    const { mime } = await this.#sourceOf(file);
    return sniffType(new Uint8Array(await first.slice(0, 16).arrayBuffer()), mime);
  }

  async #sourceOf(file: FileRef): Promise<Source> {
    const key = fileKey(file);
    const known = this.#sources.get(key);
    if (known) return await known;
    const found = findSource(this.#places, file);
    this.#sources.set(key, found);
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > SOURCES_KEPT) this.#sources.delete(oldest!);
    found.catch(() => this.#sources.delete(key));
    return await found;
  }
}

const partBytesOf = ({ bytes }: Source): number => (bytes === undefined ? UNKNOWN_PART_BYTES : PART_BYTES);

/** Where a part is, and how much to ask for: a short file is not charged as a long part. Pure. */
function placeOf(source: Source, index: number): { offset: number; limit: number } {
  const part = partBytesOf(source);
  const offset = index * part;
  const rest = source.bytes === undefined ? part : source.bytes - offset;
  // Lengths must divide a MiB.
  const limit = 2 ** Math.ceil(Math.log2(Math.max(SHORT_PART_BYTES, Math.min(part, rest))));
  return { offset, limit };
}
