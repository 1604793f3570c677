import { sha256Of } from '@aerogram/crypto';
import { RpcError, rpcError } from '@aerogram/errors';
import { ExpiringMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { Files } from '../files/index.ts';
import { type DomainDeps, nameFailure, QuotaBuckets } from '../shared/index.ts';
import { describeUrlFile, recogniseType, urlBytesMax, type UrlClaims, type UrlKind } from './url-kinds.ts';

const MEBIBYTE = 1024 * 1024;
/** Length of the parts in which a fetched file is handed over, in bytes. */
const PART_BYTES = 512 * 1024;
/** Files that a process fetches at once. None has more than 20 MiB. */
const PARALLEL_MAX = 6;
/** Files that a process fetches at once for one sender. */
const PARALLEL_PER_SENDER = 2;
/** How long a sender should wait while more files are asked for, in seconds. */
const BUSY_WAIT_S = 5;
/** Files that are not fetched again when their sender sends them again. */
const KEPT_MAX = 10_000;
/** How long they are not fetched again, in seconds. Their uploads are known for longer. */
const KEPT_S = 300;
/** How long a file that could not be fetched, or was something else, is not asked for again, in seconds. */
const FAILED_S = 30;

/** A user who sends files by their URL. */
export interface UrlSender {
  userId: bigint;
  isBot: boolean;
}

/** A file at a URL. */
export interface UrlFile {
  /** Normalised. */
  url: string;
  /** What it must be; undefined: any document that can be sent in this way. */
  kind: UrlKind | undefined;
  /** What its sender says about it, rebuilt as `prepareAttributes` does. */
  attributes: UrlClaims['attributes'];
}

/** A file at a URL that must be of a kind. */
export type UrlFileOfKind = UrlFile & { kind: UrlKind };

/** A fetched file, as if its sender had uploaded it. */
export type UrlUpload =
  | Pick<tl.inputMediaUploadedPhoto, '_' | 'file'>
  | Pick<tl.inputMediaUploadedDocument, '_' | 'file' | 'mime_type' | 'attributes' | 'force_file' | 'nosound_video'>;

/** An upload of which only the bytes are missing. */
type Description = UrlUpload extends infer U ? (U extends unknown ? Omit<U, 'file'> : never) : never;

/** Errors that say something about the file itself: it is not asked for again at once. */
const FAILURES = ['WEBPAGE_CURL_FAILED', 'WEBPAGE_MEDIA_EMPTY', 'IMAGE_PROCESS_FAILED', 'PHOTO_INVALID_DIMENSIONS'] as const;

type Failure = (typeof FAILURES)[number];

/** Uploads files of other sites in the name of those who send them. */
export interface UrlUploads extends Disposable {
  /** Whether this server fetches files at all. */
  readonly isOn: boolean;
  /**
   * Fetches a file by the rules of link previews, and lets a call use it as an upload of the sender. A file that the sender has sent a short time ago is not fetched again. No transaction
   * is open meanwhile.
   * @param use makes media of the upload
   * @throws RpcError WEBPAGE_CURL_FAILED (it cannot be read, is too long, or this server fetches nothing), WEBPAGE_MEDIA_EMPTY (it is something else), FLOOD_WAIT_%d, and what `use` throws
   */
  doUse<T>(sender: UrlSender, file: UrlFile, use: (upload: UrlUpload) => Promise<T>): Promise<T>;
}

/** Creates the uploads. */
export function createUrlUploads(deps: Pick<DomainDeps, 'clock' | 'random' | 'log' | 'fileFetcher'>, files: Pick<Files, 'doSavePart' | 'doDiscardUpload'>): UrlUploads {
  return new UrlFetcher(deps, files);
}

class UrlFetcher implements UrlUploads {
  readonly #deps: Pick<DomainDeps, 'clock' | 'random' | 'log' | 'fileFetcher'>;
  readonly #files: Pick<Files, 'doSavePart' | 'doDiscardUpload'>;
  readonly #ofPeople: QuotaBuckets;
  readonly #ofBots: QuotaBuckets;
  readonly #ofSites: QuotaBuckets;
  /** Uploads by sender and file. */
  readonly #kept: ExpiringMap<string, UrlUpload>;
  /** Why files could not be sent, by sender and file. */
  readonly #failed: ExpiringMap<string, Failure>;
  /** Uploads that are being fetched, by sender and file. */
  readonly #fetching = new Map<string, Promise<UrlUpload>>();
  /** How many of them each sender waits for. */
  readonly #fetchedFor = new Map<bigint, number>();
  readonly #ending = new AbortController();

  constructor(deps: Pick<DomainDeps, 'clock' | 'hasLimits' | 'random' | 'log' | 'fileFetcher'>, files: Pick<Files, 'doSavePart' | 'doDiscardUpload'>) {
    this.#deps = deps;
    this.#files = files;
    this.#ofPeople = new QuotaBuckets(deps, 'urlFiles');
    this.#ofBots = new QuotaBuckets(deps, 'urlFilesOfBot');
    this.#ofSites = new QuotaBuckets(deps, 'urlFilesOfSite');
    this.#kept = new ExpiringMap({ most: KEPT_MAX, ageS: KEPT_S }, deps.clock);
    this.#failed = new ExpiringMap({ most: KEPT_MAX, ageS: FAILED_S }, deps.clock);
  }

  get isOn(): boolean {
    return this.#deps.fileFetcher !== undefined;
  }

  async doUse<T>(sender: UrlSender, file: UrlFile, use: (upload: UrlUpload) => Promise<T>): Promise<T> {
    const key = keyOf(sender, file);
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      try {
        return await use(kept);
      } catch (error) {
        // What was made of the upload is gone, and so are its bytes: it is fetched again.
        if (!isMissing(error)) throw error;
      }
    }
    const upload = await this.#fetchOnce(sender, file, key);
    try {
      const used = await use(upload);
      this.#kept.set(key, upload);
      return used;
    } catch (error) {
      await this.#discard(sender, upload);
      const failure = FAILURES.find((one) => error instanceof RpcError && error.entry === one);
      // Another call with the same upload has failed meanwhile. The client knows of no parts.
      throw isMissing(error) ? rpcError('WEBPAGE_CURL_FAILED') : failure === undefined ? error : this.#fail(key, failure);
    }
  }

  [Symbol.dispose](): void {
    this.#ending.abort(new Error('the server stops'));
  }

  /** Fetches a file, unless a call of the same sender does so now. */
  #fetchOnce(sender: UrlSender, file: UrlFile, key: string): Promise<UrlUpload> {
    const running = this.#fetching.get(key);
    if (running !== undefined) return running;
    const { userId } = sender;
    this.#check(sender, file, key);
    this.#fetchedFor.set(userId, 1 + (this.#fetchedFor.get(userId) ?? 0));
    const upload = this.#fetch(sender, file, key).finally(() => {
      this.#fetching.delete(key);
      const left = this.#fetchedFor.get(userId)! - 1;
      if (left === 0) this.#fetchedFor.delete(userId);
      else this.#fetchedFor.set(userId, left);
    });
    this.#fetching.set(key, upload);
    return upload;
  }

  /** Refuses a file that failed a short time ago, and senders who ask for too much. */
  #check(sender: UrlSender, file: UrlFile, key: string): void {
    if (this.#deps.fileFetcher === undefined) throw rpcError('WEBPAGE_CURL_FAILED');
    const failure = this.#failed.get(key);
    if (failure !== undefined) throw rpcError(failure);
    if (this.#fetching.size >= PARALLEL_MAX || (this.#fetchedFor.get(sender.userId) ?? 0) >= PARALLEL_PER_SENDER) throw rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S);
    const waitS = this.#quotaOf(sender).take(String(sender.userId), 1) || this.#takeOfSite(file.url);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
  }

  async #fetch(sender: UrlSender, file: UrlFile, key: string): Promise<UrlUpload> {
    const maxBytes = urlBytesMax(file.kind);
    let read = maxBytes;
    try {
      const bounds = { maxBytes, mayFollow: (url: string) => this.#takeOfSite(url) === 0 };
      const fetched = await this.#deps.fileFetcher?.fetchFile(file.url, this.#ending.signal, bounds).catch((error: unknown) => {
        this.#deps.log.info({ failure: nameFailure(error) }, 'a file could not be fetched from its URL to be sent');
        throw this.#fail(key, 'WEBPAGE_CURL_FAILED');
      });
      read = fetched?.bytes.length ?? 0;
      const made = fetched && describe(file, fetched.bytes);
      if (fetched === undefined || made === undefined) throw this.#fail(key, 'WEBPAGE_MEDIA_EMPTY');
      return await this.#save(sender, made, fetched.bytes);
    } finally {
      // One was taken before, so that nobody begins a fetch without any left.
      this.#quotaOf(sender).charge(String(sender.userId), Math.max(0, Math.ceil(read / MEBIBYTE) - 1));
    }
  }

  /** Stores the bytes of a file as parts of an upload. */
  async #save({ userId }: UrlSender, made: Description, bytes: Uint8Array): Promise<UrlUpload> {
    const fileId = this.#deps.random.int63();
    const parts = Math.ceil(bytes.length / PART_BYTES);
    const upload: UrlUpload = { ...made, file: { _: 'inputFileBig', id: fileId, parts, name: '' } };
    try {
      for (let part = 0; part < parts; part++) {
        await this.#files.doSavePart({ userId, fileId, part, totalParts: parts }, bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
      }
      return upload;
    } catch (error) {
      await this.#files.doDiscardUpload(userId, fileId);
      throw error;
    }
  }

  async #discard({ userId }: UrlSender, { file }: UrlUpload): Promise<void> {
    if (file._ === 'inputFileBig') await this.#files.doDiscardUpload(userId, file.id);
  }

  /** Notes that a file cannot be sent, so that it is not fetched again at once. */
  #fail(key: string, error: Failure): RpcError {
    this.#failed.set(key, error);
    return rpcError(error);
  }

  #quotaOf({ isBot }: UrlSender): QuotaBuckets {
    return isBot ? this.#ofBots : this.#ofPeople;
  }

  /** @returns 0, or the seconds to wait */
  #takeOfSite(url: string): number {
    return this.#ofSites.take(new URL(url).hostname, 1);
  }
}

/** Names a file of a sender, in a few bytes. Pure. */
function keyOf({ userId }: UrlSender, { url, kind, attributes }: UrlFile): string {
  const text = JSON.stringify([String(userId), kind ?? '', url, attributes], (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value));
  return Buffer.from(sha256Of(Buffer.from(text))).toString('base64');
}

function isMissing(error: unknown): boolean {
  return error instanceof RpcError && error.entry === 'FILE_PART_%d_MISSING';
}

/** What the media reader or the photo maker is to make of a file. @returns undefined if it is not what it must be */
function describe({ url, kind, attributes }: UrlFile, bytes: Uint8Array): Description | undefined {
  const type = recogniseType(bytes);
  if (type === undefined || (kind !== undefined && !type.kinds.includes(kind))) return undefined;
  if (kind === 'photo') return { _: 'inputMediaUploadedPhoto' };
  const description = describeUrlFile(kind ?? type.usual, type, bytes, { attributes, nameInUrl: nameInUrl(url) });
  return description && { _: 'inputMediaUploadedDocument', ...description };
}

/** The last part of the path of a URL. */
function nameInUrl(url: string): string | undefined {
  const { pathname } = new URL(url);
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || undefined;
  } catch {
    return last;
  }
}
