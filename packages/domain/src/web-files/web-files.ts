import { rpcError } from '@aerogram/errors';
import { ExpiringMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { cleanMimeType } from '../documents/index.ts';
import { fileTypeOf } from '../files/index.ts';
import { type DomainDeps, type FetchedFile, nameFailure, QuotaBuckets } from '../shared/index.ts';
import type { WebFileSigner } from './web-file-signer.ts';

/** Files that a process keeps, so that one which is read in parts is fetched once. None has more than 5 MiB (packages/web-fetch). */
const KEPT_MAX = 8;
/** How long it answers from them, in seconds. */
const KEPT_S = 300;
/** Files that a process fetches at once. */
const PARALLEL_MAX = 8;
/** Files that a process fetches at once for one user. */
const PARALLEL_PER_USER = 2;
/** How long a client should wait while more files are asked for, in seconds. */
const BUSY_WAIT_S = 5;

/** A file of another site that a user may read. */
export interface OpenWebFile {
  /** Bytes. */
  size: number;
  mimeType: string;
  type: tl.storage.FileType;
  /** Unix seconds. */
  changed_date: number;
  /** Reads at most `limit` bytes from `offset`; returns no bytes past the end. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

/** Files at signed URLs. */
export interface WebFiles extends Disposable {
  /** Signs URLs for clients. */
  readonly signer: Pick<WebFileSigner, 'sign'>;
  /**
   * Fetches a file at a URL that this server has signed, unless it did so a short time ago.
   * @throws RpcError LOCATION_INVALID (not signed, the site does not give it, or this server fetches nothing), FLOOD_WAIT_%d
   */
  accessFile(userId: bigint, location: Pick<tl.inputWebFileLocation, 'url' | 'access_hash'>): Promise<OpenWebFile>;
}

/** Creates the files. */
export function createWebFiles({ clock, hasLimits, log, fileFetcher }: Pick<DomainDeps, 'clock' | 'hasLimits' | 'log' | 'fileFetcher'>, signer: WebFileSigner): WebFiles {
  const kept = new ExpiringMap<string, OpenWebFile>({ most: KEPT_MAX, ageS: KEPT_S }, clock);
  /** Files that are being fetched, by URL. */
  const fetching = new Map<string, Promise<OpenWebFile>>();
  /** How many of the files that are being fetched each user waits for. */
  const fetchedFor = new Map<bigint, number>();

  const quota = new QuotaBuckets({ clock, hasLimits }, 'webFiles');
  const ending = new AbortController();

  const checkQuota = (userId: bigint): void => {
    if (fetching.size >= PARALLEL_MAX || (fetchedFor.get(userId) ?? 0) >= PARALLEL_PER_USER) throw rpcError('FLOOD_WAIT_%d', BUSY_WAIT_S);
    const waitS = quota.take(String(userId), 1);
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
  };

  const fetchFile = async (url: string): Promise<OpenWebFile> => {
    try {
      const fetched = await fileFetcher?.fetchFile(url, ending.signal);
      if (fetched === undefined) throw rpcError('LOCATION_INVALID');
      const file = openFetched(fetched, clock.now());
      kept.set(url, file);
      return file;
    } catch (error) {
      log.info({ failure: nameFailure(error) }, 'a file of another site could not be fetched');
      throw rpcError('LOCATION_INVALID');
    }
  };

  /** Fetches a file. Others who ask for it meanwhile wait for the same answer. */
  const fetchOnce = (userId: bigint, url: string): Promise<OpenWebFile> => {
    const running = fetching.get(url);
    if (running !== undefined) return running;
    checkQuota(userId);
    fetchedFor.set(userId, 1 + (fetchedFor.get(userId) ?? 0));
    const file = fetchFile(url).finally(() => {
      fetching.delete(url);
      const left = fetchedFor.get(userId)! - 1;
      if (left === 0) fetchedFor.delete(userId);
      else fetchedFor.set(userId, left);
    });
    fetching.set(url, file);
    return file;
  };

  return {
    signer,
    async accessFile(userId, { url, access_hash }) {
      if (fileFetcher === undefined || !signer.matches(url, access_hash)) throw rpcError('LOCATION_INVALID');
      return kept.get(url) ?? fetchOnce(userId, url);
    },
    [Symbol.dispose]() {
      ending.abort(new Error('the server stops'));
    },
  };
}

function openFetched({ bytes, contentType }: FetchedFile, nowDate: number): OpenWebFile {
  const mimeType = cleanMimeType(contentType.split(';')[0]!.trim());
  // A part is copied, because what becomes of an answer must not touch the bytes that are kept.
  return { size: bytes.length, mimeType, type: fileTypeOf(mimeType), changed_date: nowDate, read: (offset, limit) => Promise.resolve(Uint8Array.from(bytes.subarray(offset, offset + limit))) };
}
