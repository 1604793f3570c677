import { BLOCK_BYTES } from '@aerogram/blob';
import { type CdnNodes, NO_CDN_NODES } from '@aerogram/cdn-origin';
import { locatePart, readRequestToken, WINDOW_BYTES, windowLength } from '@aerogram/cdn-protocol';
import { RpcError, rpcError } from '@aerogram/errors';
import { type Counter, ExpiringMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { Files, FileSource } from '../files/index.ts';
import { HASHES_MAX } from '../blobs/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { redirectsMetric } from './cdn-metrics.ts';
import { CdnHashes } from './cdn-hashes.ts';
import { CdnPushes } from './cdn-pushes.ts';
import { CdnTokens, type FileForNode, type OpenedToken, type PostedSource, postOf } from './cdn-tokens.ts';
import { identifyContent } from './content-key.ts';
import { Demand, MinuteCounts } from './demand.ts';
import { PublicFiles } from './public-files.ts';

/** Who asks. */
export interface CdnCaller {
  userId: bigint;
  /** The permanent key of the device. */
  authKeyId: bigint;
  /** Where the device is, as nodes name regions; undefined if it is not known. */
  region: string | undefined;
}

/** Hashes in a redirect: those of 2 MiB. Clients ask for the others when they need them. */
const REDIRECT_HASHES = 16;

const BLOCKS_OF_WINDOW = WINDOW_BYTES / BLOCK_BYTES;
/** For how long a device loads a file from here after it could not load it from a node, in seconds. */
const FAILED_S = 600;

const FAILED_MAX = 100_000;
/**
 * How often a device is redirected for the same part within a minute. If it asks once more, it could not load the part from the node, although clients
 * do not say why they ask: the node may send other bytes, be away, or refuse tokens. TDLib, for example, gives a download with other bytes up, and begins
 * it anew only when its user does. After more than a minute, the device may have deleted the file instead.
 */
const MAX_SAME_REDIRECTS = 2;

/** Sends clients to CDN nodes, and gives the nodes what these clients ask for. */
export class Cdn implements AsyncDisposable {
  readonly #nodes: CdnNodes;
  readonly #files: Pick<Files, 'accessSource' | 'readSource'>;
  readonly #clock: DomainDeps['clock'];
  readonly #minSubscribers: number;
  readonly #tokens: CdnTokens;
  readonly #public: PublicFiles;
  readonly #hashes: CdnHashes;
  readonly #pushes: CdnPushes;
  readonly #demand: Demand;
  readonly #sameRedirects: MinuteCounts;
  /** Devices and files for which a push has failed. */
  readonly #failed: ExpiringMap<string, true>;
  readonly #redirects: Counter<'reason'>;

  /** @param secrets 32-byte secrets by version (0–255) from which tokens and keys of files are derived */
  constructor(deps: Pick<DomainDeps, 'db' | 'clock' | 'log' | 'random' | 'metrics' | 'config' | 'cdnNodes'>, files: Pick<Files, 'accessSource' | 'readSource'>, secrets: ReadonlyMap<number, Uint8Array>) {
    const { db, clock, metrics, config, cdnNodes = NO_CDN_NODES } = deps;
    this.#nodes = cdnNodes;
    this.#files = files;
    this.#clock = clock;
    this.#minSubscribers = config.cdnMinSubscribers;
    this.#tokens = new CdnTokens(secrets, deps.random);
    this.#public = new PublicFiles(db, clock);
    this.#hashes = new CdnHashes(db, files);
    this.#pushes = new CdnPushes(cdnNodes, deps);
    this.#demand = new Demand(clock, config.cdnMinRequests);
    this.#sameRedirects = new MinuteCounts(clock);
    this.#failed = new ExpiringMap({ most: FAILED_MAX, ageS: FAILED_S }, clock);
    this.#redirects = metrics.counter(redirectsMetric);
  }

  /**
   * Redirects a download to a node, if the file may be given to everybody and is popular.
   * @param source what the caller has access to
   * @param part what the caller wants of it, in bytes
   * @returns undefined if this server has to answer
   * @throws RpcError FILE_ID_INVALID (the content is gone)
   */
  async doRedirect(caller: CdnCaller, source: FileSource | undefined, part: { offset: bigint; limit: number }): Promise<tl.upload.fileCdnRedirect | undefined> {
    if (this.#nodes.list().length === 0 || !isPosted(source) || !isAtNodes(part, source.size)) return undefined;
    const offset = Number(part.offset);
    const failure = failureKey(caller, source);
    if (this.#failed.get(failure) === true) return undefined;
    const reason = await this.#reasonFor(source);
    const node = reason && this.#nodes.choose(caller.region);
    if (reason === undefined || node === undefined) return undefined;
    if (this.#sameRedirects.add(`${failure}:${offset}`) > MAX_SAME_REDIRECTS) {
      this.#failed.set(failure, true);
      return undefined;
    }
    const now = this.#clock.now();
    const file = this.#tokens.fileFor(node, source, now);
    if (!(await this.#public.note({ dc: node.dc, fileId: file.fileId }, postOf(source)))) return undefined;
    const first = Math.floor(offset / BLOCK_BYTES);
    const file_hashes = await this.#hashes.list(source, { first, count: REDIRECT_HASHES });
    this.#redirects.inc({ reason });
    const { key: encryption_key, iv: encryption_iv } = file.key;
    return { _: 'upload.fileCdnRedirect', dc_id: node.dc, file_token: this.#tokens.write(file, source, caller.userId, now), encryption_key, encryption_iv, file_hashes };
  }

  /**
   * Pushes the window that a node lacks, and in the background the next ones.
   * @returns the hashes of the window
   * @throws RpcError FILE_TOKEN_INVALID (not a token of this caller, the file may not be given to everybody any longer, or the node does not take it: the
   * client asks for the file again and gets it from here), REQUEST_TOKEN_INVALID
   */
  async doReupload(caller: CdnCaller, fileToken: Uint8Array, requestToken: Uint8Array): Promise<tl.fileHash[]> {
    const { node, source, file } = await this.#open(caller, fileToken);
    const asked = readRequestToken(node.keys.token, file.fileId, requestToken, this.#clock.now());
    if (asked === undefined || windowLength(source.size, asked.window) === 0) throw rpcError('REQUEST_TOKEN_INVALID');
    const { window } = asked;
    const failure = failureKey(caller, source);
    if (this.#failed.get(failure) === true) throw rpcError('FILE_TOKEN_INVALID');
    const pushed = { ...file, size: source.size, read: (offset: number, limit: number) => this.#readPublic(source, offset, limit) };
    const outcome = await asTokenError(this.#pushes.push(node, pushed, window, asked.date));
    if (outcome !== 'ok') {
      this.#failed.set(failure, true);
      throw rpcError('FILE_TOKEN_INVALID');
    }
    this.#pushes.pushAhead(node, pushed, window);
    return asTokenError(this.#hashes.list(source, { first: window * BLOCKS_OF_WINDOW, count: BLOCKS_OF_WINDOW }));
  }

  /**
   * Lists hashes of a file for which the caller has a token.
   * @param offset the first block is the one with this byte
   * @throws RpcError FILE_TOKEN_INVALID
   */
  async listHashes(caller: CdnCaller, fileToken: Uint8Array, offset: number): Promise<tl.fileHash[]> {
    const { source } = await this.#open(caller, fileToken);
    return asTokenError(this.#hashes.list(source, { first: Math.floor(offset / BLOCK_BYTES), count: HASHES_MAX }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pushes[Symbol.asyncDispose]();
  }

  /** Reads a part for a push. A node that was started again does not remember what it had to forget, so nothing may be pushed after that, not even ahead. */
  async #readPublic(source: PostedSource, offset: number, limit: number): Promise<Uint8Array> {
    if ((await this.#public.findSubscribers(postOf(source))) === undefined) throw rpcError('FILE_TOKEN_INVALID');
    return this.#files.readSource(source, offset, limit);
  }

  async #reasonFor(source: PostedSource): Promise<'subscribers' | 'demand' | undefined> {
    const subscribers = await this.#public.findSubscribers(postOf(source));
    if (subscribers === undefined) return undefined;
    const isWanted = this.#demand.note(contentName(source));
    if (subscribers >= this.#minSubscribers) return 'subscribers';
    return isWanted ? 'demand' : undefined;
  }

  /** Opens a token, and checks that its content may still be given to everybody, and to the caller. */
  async #open({ userId }: CdnCaller, token: Uint8Array): Promise<{ node: OpenedToken['node']; source: PostedSource; file: FileForNode }> {
    const opened = this.#tokens.read(this.#nodes, token, userId, this.#clock.now());
    if (opened === undefined) throw rpcError('FILE_TOKEN_INVALID');
    const { kind, documentId, sizeType, channelId, msgId } = opened.right;
    const source = await asTokenError(this.#files.accessSource(userId, { kind, documentId, sizeType, origin: { kind: 'post', channelId, msgId } }));
    const file = opened.match(source);
    if (file === undefined || !isPosted(source) || (await this.#public.findSubscribers(opened.right)) === undefined) throw rpcError('FILE_TOKEN_INVALID');
    return { node: opened.node, source, file };
  }
}

/** Whether nodes give out such a part. With `precise`, clients may ask this server for others, too. */
function isAtNodes({ offset, limit }: { offset: bigint; limit: number }, size: number): boolean {
  const found = locatePart(offset, limit, size);
  return typeof found !== 'string' && found.length > 0;
}

function isPosted(source: FileSource | undefined): source is PostedSource {
  return source?.origin.kind === 'post' && !source.isProtected;
}

function contentName(source: FileSource): string {
  return Buffer.from(identifyContent(source)).toString('base64');
}

function failureKey({ authKeyId }: CdnCaller, source: FileSource): string {
  return `${authKeyId}:${contentName(source)}`;
}

/** Turns the errors for files that are gone, or that the caller has lost, into the one that sends clients back to the server. */
async function asTokenError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof RpcError && error.code === 400 ? rpcError('FILE_TOKEN_INVALID') : error;
  }
}
