import { newPresentedId } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { pageThrough } from '@aerogram/runtime';
import { defineRecurringJob, type JobKind, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { type BlobReader, type BlobWrites, doClaimStore, doRemoveStray, insertBlob, keptSecondsOf, lockBlob, type NewContent } from '../blobs/index.ts';
import type { AccessHashes } from '../peers/index.ts';
import { type DomainDeps, useQuota } from '../shared/index.ts';
import { saveUploadOf, type UploadContent, type UploadedFiles, type UploadKey } from '../uploads/index.ts';
import { collectSecretFile, countUnsentSecretFiles, findFileOfUpload, findSecretFile, insertSecretFile, listUnnamedFiles, type SecretFile, touchSecretFiles } from './secret-file-store.ts';

const DAY_S = 86_400;
const HOUR_MS = 3_600_000;
/** How long a file is kept that no message names any longer: its receiver may load it after having got the message, and its sender may send it again. */
const KEPT_S = 30 * DAY_S;
/** How long somebody with too many unsent files should wait, in seconds. */
const UNSENT_WAIT_S = 600;
/** Length of the random identity of a file. */
const IDENTITY_BYTES = 32;
/** Files that one transaction deletes. */
const SLICE = 1000;

/** A file that the sender has uploaded before. */
export type UploadedSecretFile = tl.inputEncryptedFileUploaded | tl.inputEncryptedFileBigUploaded;
/** A file that has been sent or uploaded before. */
export type SecretFileInput = tl.inputEncryptedFile | tl.inputEncryptedFileLocation;

/** A file as a client that downloads it sees it. */
interface OpenSecretFile {
  type: tl.storage.FileType;
  changed_date: number;
  read(offset: number, limit: number): Promise<Uint8Array>;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'log' | 'fileStorage'>;

interface Parts {
  accessHashes: AccessHashes;
  uploads: Pick<UploadedFiles, 'useOpaqueUpload' | 'askAgain'>;
  writes: BlobWrites;
  read: BlobReader['read'];
}

/** The files of secret chats. */
export class SecretFiles {
  readonly #deps: Deps;
  readonly #parts: Parts;
  readonly jobKinds: readonly JobKind[];

  constructor(deps: Deps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
    this.jobKinds = [defineRecurringJob({ kind: 'collect-secret-files', everyMs: 6 * HOUR_MS, clockNeed: 'proven', run: ({ signal }) => this.#collect(signal) })];
  }

  /** The file as its sender or receiver is told of it. */
  project(viewerId: bigint, { id, size, keyFingerprint }: SecretFile): tl.encryptedFile {
    const { accessHashes } = this.#parts;
    return { _: 'encryptedFile', id, access_hash: accessHashes.of('secret_file', viewerId, id), size: BigInt(size), dc_id: this.#deps.config.homeDcId, key_fingerprint: keyFingerprint };
  }

  /** Finds a file that the viewer was told of. @returns undefined if there is none, or the access hash is wrong */
  async find(viewerId: bigint, { id, access_hash: hash }: SecretFileInput): Promise<SecretFile | undefined> {
    return this.#parts.accessHashes.matches('secret_file', viewerId, id, hash) ? findSecretFile(this.#deps.db, id) : undefined;
  }

  /** Finds a file that the server itself has named. */
  findById(id: bigint): Promise<SecretFile | undefined> {
    return findSecretFile(this.#deps.db, id);
  }

  /** Opens a file that the viewer was told of. @throws RpcError LOCATION_INVALID */
  async open(viewerId: bigint, location: tl.inputEncryptedFileLocation): Promise<OpenSecretFile> {
    const file = await this.find(viewerId, location);
    if (file === undefined) throw rpcError('LOCATION_INVALID');
    return { type: { _: 'storage.fileUnknown' }, changed_date: file.date, read: (offset, limit) => this.#parts.read(file, offset, limit) };
  }

  /**
   * Makes a file of an upload, and uses it in the same transaction. The bytes are neither looked into nor compared with those of other files.
   * @throws RpcError FILE_EMTPY, MD5_CHECKSUM_INVALID, FLOOD_WAIT_%d (too many unsent files), and as {@link UploadedFiles.useOpaqueUpload}
   */
  async doStore<T>(userId: bigint, input: UploadedSecretFile, use: (tx: Tx, file: SecretFile) => Promise<T>): Promise<T> {
    if (input.parts <= 0) throw rpcError('FILE_EMTPY');
    const { uploads } = this.#deps.fileStorage;
    return this.#parts.uploads.useOpaqueUpload(userId, fileInputOf(input), async (upload, content) => {
      const outcome = content.finished === undefined ? await this.#useAgain(upload, content, use) : await this.#storeNew(upload, { ...content, finished: content.finished }, input.key_fingerprint, use);
      if (content.finished !== undefined) await uploads.discard(upload.userId, upload.fileId);
      return outcome;
    });
  }

  /** Uses what an earlier call has made of an upload. */
  async #useAgain<T>(upload: UploadKey, { identity }: UploadContent, use: (tx: Tx, file: SecretFile) => Promise<T>): Promise<T> {
    const used = await this.#deps.db.transact('use-secret-file', async (tx) => {
      const file = await findFileOfUpload(tx, identity, upload.userId);
      return file && { outcome: await use(tx, file) };
    });
    // Something else was made of it, or it was deleted since.
    if (used === undefined) throw await this.#parts.uploads.askAgain(upload);
    return used.outcome;
  }

  async #storeNew<T>(upload: UploadKey, content: UploadContent & Required<Pick<UploadContent, 'finished'>>, keyFingerprint: number, use: (tx: Tx, file: SecretFile) => Promise<T>): Promise<T> {
    const { db, clock, random, config, fileStorage } = this.#deps;
    // Not the hash of the content, so that nothing says which files are equal.
    const identity = random.bytes(IDENTITY_BYTES);
    const stored: NewContent = { ...content.finished, identity, put: () => fileStorage.uploads.putInto(fileStorage.store, content.finished) };
    const created = await this.#parts.writes.store(stored, () =>
      db.transact('store-secret-file', async (tx) => {
        const date = clock.now();
        const blob = (await lockBlob(tx, identity)) ?? (await insertBlob(tx, { ...stored, sha256: null, dcId: config.homeDcId }, date));
        const file: SecretFile = { id: newPresentedId(random, config.homeDcId), uploaderId: upload.userId, identity, size: blob.size, keyFingerprint, date };
        await this.#checkRoom(tx, file);
        await insertSecretFile(tx, file);
        await saveUploadOf(tx, upload, { ...content, identity }, date);
        return { blob, outcome: await use(tx, file) };
      }),
    );
    return created!.outcome;
  }

  /** Files that are never sent are limited as documents are: without a limit they could fill the store. */
  async #checkRoom(tx: Tx, { uploaderId, size }: SecretFile): Promise<void> {
    useQuota('unsentFiles');
    const { unsentFilesMax, unsentFileBytes } = this.#deps.config;
    const unsent = await countUnsentSecretFiles(tx, uploaderId, unsentFilesMax);
    if (unsent.files >= unsentFilesMax || unsent.bytes + size > unsentFileBytes) throw rpcError('FLOOD_WAIT_%d', UNSENT_WAIT_S);
  }

  async #collect(signal: AbortSignal): Promise<void> {
    const { db, clock, config, fileStorage: { store } } = this.#deps;
    if (!(await doClaimStore({ db, store })).isOurs) return;
    for (let touched = SLICE; touched === SLICE; ) {
      signal.throwIfAborted();
      touched = await db.transact('touch-secret-files', (tx) => touchSecretFiles(tx, { nowDate: clock.now(), beforeDate: clock.now() - DAY_S, limit: SLICE }));
    }
    const beforeDate = clock.now() - Math.max(KEPT_S, keptSecondsOf(config));
    for await (const id of pageThrough<bigint>((last) => listUnnamedFiles(db, beforeDate, last ?? 0n, SLICE))) {
      signal.throwIfAborted();
      const name = await db.transact('collect-secret-file', (tx) => collectSecretFile(tx, id, { beforeDate, nowDate: clock.now() }));
      if (name !== undefined) await doRemoveStray({ db, fileStorage: { store } }, name);
    }
  }
}

/** The upload as files of other chats name it. */
function fileInputOf(input: UploadedSecretFile): tl.inputFile | tl.inputFileBig {
  const { id, parts } = input;
  return input._ === 'inputEncryptedFileUploaded' ? { _: 'inputFile', id, parts, name: '', md5_checksum: input.md5_checksum } : { _: 'inputFileBig', id, parts, name: '' };
}
