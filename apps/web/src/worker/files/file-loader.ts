import type { tl } from '@mtcute/core';
import Long from 'long';
import { fileKey, type FileRef } from '../../protocol/index.ts';
import type { Account } from '../account.ts';
import type { HistoryLoader } from '../load-history.ts';
import { inputLocation } from '../models/location.ts';
import type { MessageRow } from '../models/message.ts';
import { Refused, refusalOf } from '../refusal.ts';
import { sniffType } from './sniff-type.ts';

/** A loaded file in the database. */
interface FileRow {
  blob: Blob;
  /** Milliseconds since 1970. */
  used: number;
}

/** Where the server has a file, and what is known of it. */
interface Source {
  location: tl.TypeInputFileLocation;
  dc?: number;
  bytes?: number;
  mime: string;
}

/** Errors after which the message is asked for again, because its references are too old. */
const STALE = new Set(['FILE_REFERENCE_EXPIRED', 'FILE_REFERENCE_INVALID', 'FILE_REFERENCE_EMPTY']);
/** How long a file may stand unused before its date is written again, in milliseconds. */
const USED_STEP_MS = 3_600_000;

/** Loads files, each once. */
export class FileLoader {
  readonly #account: Account;
  readonly #history: HistoryLoader;
  #running = new Map<string, { blob: Promise<Blob>; abort: AbortController }>();

  constructor(account: Account, history: HistoryLoader) {
    this.#account = account;
    this.#history = history;
  }

  async load(file: FileRef, onProgress: (loaded: number, total: number) => void): Promise<Blob> {
    const key = fileKey(file);
    const { database } = this.#account;
    const kept = await database.get<FileRow>('files', key);
    if (kept) {
      if (Date.now() - kept.used > USED_STEP_MS) database.put('files', key, { ...kept, used: Date.now() });
      return kept.blob;
    }
    const running = this.#running.get(key);
    if (running) return await running.blob;
    const abort = new AbortController();
    const blob = this.#download(file, onProgress, abort.signal).finally(() => this.#running.delete(key));
    this.#running.set(key, { blob, abort });
    return await blob;
  }

  cancel(file: FileRef): void {
    this.#running.get(fileKey(file))?.abort.abort();
  }

  async #download(file: FileRef, onProgress: (loaded: number, total: number) => void, signal: AbortSignal): Promise<Blob> {
    try {
      return await this.#downloadFrom(file, await this.#sourceOf(file), onProgress, signal);
    } catch (error) {
      if (file.of !== 'message' || !STALE.has(refusalOf(error).code)) throw error;
      await this.#history.reload(file.peer, [file.message]);
      return await this.#downloadFrom(file, await this.#sourceOf(file), onProgress, signal);
    }
  }

  async #downloadFrom(file: FileRef, source: Source, onProgress: (loaded: number, total: number) => void, signal: AbortSignal): Promise<Blob> {
    const { downloadAsIterable } = await import('./transfer.ts');
    const parts: Uint8Array[] = [];
    let loaded = 0;
    for await (const part of downloadAsIterable(this.#account.client, source.location, { dcId: source.dc, fileSize: source.bytes, abortSignal: signal })) {
      parts.push(part);
      loaded += part.length;
      onProgress(loaded, source.bytes ?? loaded);
    }
    const blob = new Blob(parts as BlobPart[], { type: sniffType(parts[0] ?? new Uint8Array(), source.mime) });
    this.#account.database.put('files', fileKey(file), { blob, used: Date.now() } satisfies FileRow);
    await this.#account.database.flush();
    return blob;
  }

  async #sourceOf(file: FileRef): Promise<Source> {
    if (file.of === 'peer') {
      const location = { _: 'inputPeerPhotoFileLocation', peer: await this.#account.inputPeer(file.peer), photoId: Long.fromString(file.photo), big: file.isBig } as const;
      return { location, mime: 'image/jpeg' };
    }
    const [row] = await this.#history.get(file.peer, [file.message]);
    const location = row?.locations?.[file.file];
    if (!row || !location) throw new Refused({ code: 'FILE_ID_INVALID' });
    return { location: inputLocation(location, file.size), dc: location.dc, ...factsOf(row, file.size) };
  }
}

/** Length and type of one size of the file of a message. Pure. */
function factsOf({ media }: MessageRow, size: string): { bytes?: number; mime: string } {
  if (media?.kind === 'document' && size === '') return { bytes: media.document.bytes, mime: media.document.mime };
  const photo = media?.kind === 'photo' || media?.kind === 'page' ? media.photo : undefined;
  const found = photo?.sizes.find(({ name }) => name === size) ?? (media?.kind === 'document' ? media.document.thumb : undefined);
  return { bytes: found?.bytes, mime: 'image/jpeg' };
}
