import type * as ClientS3 from '@aws-sdk/client-s3';
import type * as LibStorage from '@aws-sdk/lib-storage';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  type BlobEntry,
  type BlobListing,
  type BlobStore,
  BlobMissing,
  BlobSizeMismatch,
  BlobStoreUnavailable,
  STEP_BYTES,
  checkBlobName,
  isBlobName,
} from './blob-store.ts';
import { readAt } from './file-io.ts';

export interface S3Settings {
  bucket: string;
  /** URL of the S3 service; undefined for Amazon's. */
  endpoint?: string;
  region: string;
  /** Prefix of all object names, such as 'aerogram/', for a bucket that is shared with other programs. */
  prefix?: string;
  /** Without them, the SDK looks in its usual places: AWS_ACCESS_KEY_ID, ~/.aws, the role of the machine. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Whether the bucket is named in the path instead of the host; most services but Amazon's need it. */
  isPathStyle?: boolean;
  /** How long the service may keep silent in the middle of a call, in milliseconds; for tests. */
  silenceMs?: number;
}

/** The smallest part that S3 takes, so that an upload needs little memory: 10,000 of them are 50 GB. */
const S3_PART_BYTES = 5 * 1024 * 1024;

const ATTEMPTS = 3;
const CONNECT_MS = 5000;
/** How long the service may keep silent while it answers, or while it takes bytes. */
const SILENCE_MS = 20_000;
/** How long it may take for one request, such as one part of an upload. */
const REQUEST_MS = 60_000;
/** The object, after the prefix, that says to whom the blobs belong. No blob has this name. */
const OWNER = 'owner';

type Sdk = typeof ClientS3 & Pick<typeof LibStorage, 'Upload'>;

/** The HTTP status of an answer that the SDK turned into an error; undefined if there was no answer. */
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** Keeps blobs as objects of an S3 bucket. S3 shows an object when it is complete, and keeps it through failures. */
export class S3Store implements BlobStore {
  readonly #sdk: Sdk;
  readonly #client: ClientS3.S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #silenceMs: number;

  private constructor(sdk: Sdk, client: ClientS3.S3Client, { bucket, prefix = '', silenceMs = SILENCE_MS }: S3Settings) {
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#silenceMs = silenceMs;
  }

  /** Loads the SDK. Does not connect. */
  static async open(settings: S3Settings): Promise<S3Store> {
    const [s3, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
    const client = new s3.S3Client({
      endpoint: settings.endpoint,
      region: settings.region,
      credentials: settings.credentials,
      forcePathStyle: settings.isPathStyle ?? settings.endpoint !== undefined,
      maxAttempts: ATTEMPTS,
      // Without `throwOnRequestTimeout` the SDK only warns, and waits for ever.
      requestHandler: {
        connectionTimeout: CONNECT_MS,
        requestTimeout: REQUEST_MS,
        throwOnRequestTimeout: true,
        socketTimeout: settings.silenceMs ?? SILENCE_MS,
      },
      // By default the SDK sends checksums that other services than Amazon's do not support. Block hashes protect the content anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    return new S3Store({ ...s3, Upload }, client, settings);
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.#client.destroy();
  }

  async put(name: string, size: number, source: AsyncIterable<Uint8Array>): Promise<void> {
    const object = this.#objectOf(name);
    if (await this.stat(name)) return;
    let sourceError: Error | undefined;
    async function* checked(): AsyncIterable<Uint8Array> {
      try {
        let given = 0;
        for await (const bytes of source) {
          given += bytes.length;
          if (given > size) break;
          yield bytes;
        }
        if (given !== size) throw new BlobSizeMismatch(`the source of blob ${name} does not have ${size} bytes`);
      } catch (error) {
        sourceError = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    }
    const body = Readable.from(checked(), { objectMode: false, highWaterMark: STEP_BYTES });
    const upload = new this.#sdk.Upload({ client: this.#client, params: { ...object, Body: body }, partSize: S3_PART_BYTES, queueSize: 1 });
    try {
      await upload.done();
    } catch (error) {
      throw sourceError ?? unavailable(error);
    } finally {
      body.destroy();
    }
  }

  async adopt(path: string, name: string, size: number): Promise<void> {
    // The file is opened at the first step, so not at all if the blob is there.
    async function* source(): AsyncIterable<Uint8Array> {
      await using file = await open(path, 'r');
      for (let at = 0; ; ) {
        const bytes = await readAt(file, at, STEP_BYTES);
        if (bytes.length === 0) return;
        yield bytes;
        at += bytes.length;
      }
    }
    await this.put(name, size, source());
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    checkBlobName(name);
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    if (length === 0) return bytes;
    for await (const piece of this.#get(name, offset, offset + length - 1)) {
      bytes.set(piece.subarray(0, length - done), done);
      done = Math.min(length, done + piece.length);
      if (done === length) break;
    }
    return bytes.subarray(0, done);
  }

  async *readStream(name: string, from = 0): AsyncIterable<Uint8Array> {
    for await (const bytes of this.#get(name, from)) {
      for (let at = 0; at < bytes.length; at += STEP_BYTES) yield bytes.subarray(at, at + STEP_BYTES);
    }
  }

  async stat(name: string): Promise<{ size: number } | undefined> {
    const object = this.#objectOf(name);
    try {
      const { ContentLength: size = 0 } = await this.#inTime((options) => this.#client.send(new this.#sdk.HeadObjectCommand(object), options));
      return { size };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw unavailable(error);
    }
  }

  async remove(name: string): Promise<void> {
    const object = this.#objectOf(name);
    try {
      await this.#inTime((options) => this.#client.send(new this.#sdk.DeleteObjectCommand(object), options));
    } catch (error) {
      if (statusOf(error) !== 404) throw unavailable(error);
    }
  }

  async list({ prefix = '', after = '', limit }: BlobListing): Promise<BlobEntry[]> {
    for (let start = after; ; ) {
      const request = new this.#sdk.ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#prefix + prefix,
        StartAfter: start === '' ? undefined : this.#prefix + start,
      });
      const { Contents = [], IsTruncated } = await this.#client.send(request).catch((error: unknown) => {
        throw unavailable(error);
      });
      const names = Contents.map(({ Key = '', Size = 0 }) => ({ name: Key.slice(this.#prefix.length), size: Size }));
      // Others may keep objects of other names in the bucket.
      const entries = names.filter(({ name }) => isBlobName(name));
      if (entries.length > 0 || !IsTruncated) return entries.slice(0, limit);
      start = names.at(-1)!.name;
    }
  }

  async removeLeftovers(beforeMs: number): Promise<number> {
    let removed = 0;
    try {
      for (let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}; ; ) {
        const page = await this.#client.send(
          new this.#sdk.ListMultipartUploadsCommand({ Bucket: this.#bucket, Prefix: this.#prefix, ...marker }),
        );
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (!isBlobName(Key?.slice(this.#prefix.length) ?? '') || !Initiated || Initiated.getTime() >= beforeMs) continue;
          await this.#client.send(new this.#sdk.AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }));
          removed++;
        }
        if (!page.IsTruncated) return removed;
        marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  async findOwner(): Promise<string | undefined> {
    try {
      const { Body } = await this.#inTime((options) => this.#client.send(new this.#sdk.GetObjectCommand(this.#ownerObject), options));
      const pieces: Uint8Array[] = [];
      for await (const piece of this.#unlessSilent(Body as Readable)) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    } catch (error) {
      // Also without the bucket, which is an error.
      if (statusOf(error) === 404 && (error as Error).name === 'NoSuchKey') return undefined;
      throw unavailable(error);
    }
  }

  async setOwner(owner: string, { replaces }: { replaces: boolean }): Promise<void> {
    if (!replaces && (await this.findOwner()) !== undefined) return;
    const put = async (condition: { IfNoneMatch?: string }): Promise<void> => {
      const command = new this.#sdk.PutObjectCommand({ ...this.#ownerObject, Body: owner, ContentType: 'text/plain', ...condition });
      await this.#inTime((options) => this.#client.send(command, options));
    };
    try {
      await put(replaces ? {} : { IfNoneMatch: '*' }).catch((error: unknown) => {
        // Another server was faster.
        if (statusOf(error) === 412 || statusOf(error) === 409) return;
        // The service knows no conditions. Then the last of several servers that start at the same time becomes the owner.
        if (statusOf(error) === 501) return put({});
        throw error;
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  get #ownerObject(): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + OWNER };
  }

  #objectOf(name: string): { Bucket: string; Key: string } {
    checkBlobName(name);
    return { Bucket: this.#bucket, Key: this.#prefix + name };
  }

  /**
   * Makes a short call, for which a client waits, and ends it with all its attempts after some time. Not for parts of uploads, which may take
   * longer: the timeouts of each request bound them.
   */
  async #inTime<T>(call: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(), this.#silenceMs);
    // The signal must not end a body that is read later.
    return await call({ abortSignal: end.signal }).finally(() => clearTimeout(timer));
  }

  /** The bytes of an answer. Their reader may take its time. @throws Error when the service sends nothing for too long */
  async *#unlessSilent(body: Readable): AsyncIterable<Uint8Array> {
    const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    try {
      for (;;) {
        const timer = setTimeout(() => body.destroy(new Error(`the service sent nothing for ${this.#silenceMs} ms`)), this.#silenceMs);
        const piece = await pieces.next().finally(() => clearTimeout(timer));
        if (piece.done) return;
        yield piece.value;
      }
    } finally {
      body.destroy();
    }
  }

  /**
   * Reads an object from `first` on; nothing if that is behind the end.
   * @param last the last byte to ask for; the service may give more
   */
  async *#get(name: string, first: number, last?: number): AsyncIterable<Uint8Array> {
    const object = this.#objectOf(name);
    const range = first === 0 && last === undefined ? undefined : `bytes=${first}-${last ?? ''}`;
    try {
      const command = new this.#sdk.GetObjectCommand({ ...object, Range: range });
      const { Body, ContentRange } = await this.#inTime((options) => this.#client.send(command, options));
      if (first > 0 && !ContentRange?.startsWith(`bytes ${first}-`)) throw new Error('the service does not answer ranges');
      yield* this.#unlessSilent(Body as Readable);
    } catch (error) {
      if (statusOf(error) === 404) throw new BlobMissing(name);
      if (statusOf(error) !== 416) throw unavailable(error);
    }
  }
}

function unavailable(cause: unknown): BlobStoreUnavailable {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new BlobStoreUnavailable(`the S3 store does not work: ${reason}`, { cause });
}
