import { type FinishedUpload, type PartPlace, type SaveResult, UploadReplaced } from '@aerogram/blob';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobReader, withFileStorage } from '../blobs/index.ts';
import type { ContentGate } from './content-gate.ts';
import { type EarlierUpload, findFinishedUpload, forgetFinishedUpload, isSameFile, md5Of, type UploadKey } from './finished-upload-store.ts';
import { isStoredPart } from './late-parts.ts';
import type { UnsentLimit } from './unsent-limit.ts';

/** How long somebody with too many bytes in unfinished uploads should wait, in seconds. */
const OVER_QUOTA_WAIT_S = 600;
/** How long somebody with too many unfinished uploads should wait, in seconds: one of them may be finished soon. */
const TOO_MANY_WAIT_S = 30;

/** Why {@link Uploads.savePart} refuses a part, except for limits of the user. */
type Refusal = Exclude<Extract<SaveResult, { outcome: 'refused' }>['reason'], keyof typeof WAITS>;

const WAITS = { 'over-quota': OVER_QUOTA_WAIT_S, 'too-many': TOO_MANY_WAIT_S } as const;

const REFUSALS = {
  'part-empty': 'FILE_PART_EMPTY',
  'part-invalid': 'FILE_PART_INVALID',
  'part-size-changed': 'FILE_PART_SIZE_CHANGED',
  'part-size-invalid': 'FILE_PART_SIZE_INVALID',
  'part-too-big': 'FILE_PART_TOO_BIG',
  'parts-invalid': 'FILE_PARTS_INVALID',
} as const satisfies Record<Refusal, string>;

function refusalOf(reason: Refusal | keyof typeof WAITS): RpcError {
  return reason in WAITS ? rpcError('FLOOD_WAIT_%d', WAITS[reason as keyof typeof WAITS]) : rpcError(REFUSALS[reason as Refusal]);
}

/** Files that users upload, before anything is made of them. */
export interface UploadedFiles {
  /**
   * Stores a part of a file. A part that arrives again after its upload was finished is accepted, and nothing is stored.
   * @throws RpcError FILE_PART_EMPTY, FILE_PART_INVALID, FILE_PART_SIZE_CHANGED, FILE_PART_SIZE_INVALID, FILE_PART_TOO_BIG, FILE_PARTS_INVALID,
   * FLOOD_WAIT_%d (too many unfinished uploads, or too many bytes in them); DiskFull, FilesUnavailable
   */
  doSavePart(part: PartPlace, bytes: Uint8Array): Promise<void>;
  /**
   * Finishes an upload, while no other call does so, in any process of this node.
   * @param use gets its content, and must discard the upload when it is not needed any longer
   * @throws RpcError FILE_PARTS_INVALID, FILE_PART_%d_MISSING, MD5_CHECKSUM_INVALID, MEDIA_INVALID (also if an operator or the hook refuses the content), FLOOD_WAIT_%d (too many unsent files, or the hook fails); DiskFull, FilesUnavailable: the upload
   * stays, so that the call can be repeated
   */
  useUpload<T>(userId: bigint, file: tl.InputFile, use: (upload: UploadKey, content: UploadContent) => Promise<T>): Promise<T>;
  /**
   * Same as {@link UploadedFiles.useUpload} for a file that nobody can look into: neither an operator's hook nor a limit of unsent documents is asked.
   * @throws RpcError as {@link UploadedFiles.useUpload}
   */
  useOpaqueUpload<T>(userId: bigint, file: tl.inputFile | tl.inputFileBig, use: (upload: UploadKey, content: UploadContent) => Promise<T>): Promise<T>;
  /**
   * Forgets what was made of an upload, because it is not there any longer. Otherwise {@link UploadedFiles.doSavePart} could go on to find the parts in a blob, and keep none
   * of those that the client sends again.
   * @returns the error that asks for all parts: FILE_PART_0_MISSING
   */
  askAgain(upload: UploadKey): Promise<RpcError>;
}

/** The content of an upload: the file, unless the upload is gone because an earlier call has made something of it. */
export interface UploadContent extends EarlierUpload {
  finished?: FinishedUpload;
}

/** Creates the uploads. */
export function createUploadedFiles(deps: Pick<DomainDeps, 'db' | 'config' | 'fileStorage'>, { reader, unsentLimit, gate }: { reader: Pick<BlobReader, 'read'>; unsentLimit: UnsentLimit; gate: ContentGate }): UploadedFiles {
  const { db, config } = deps;
  const { uploads } = deps.fileStorage;

  /** Runs work that writes files, unless the disk is nearly full: neither parts nor blobs pass through the database, which asks the same. */
  const writing = <T>(work: () => Promise<T>): Promise<T> =>
    withFileStorage(() => {
      const refusal = deps.fileStorage.refusal?.();
      return refusal === undefined ? work() : Promise.reject(refusal);
    });

  const forget = (upload: UploadKey): Promise<void> => db.transact('forget-finished-upload', (tx) => forgetFinishedUpload(tx, upload));

  const askAgain = async (upload: UploadKey): Promise<RpcError> => {
    await forget(upload);
    return rpcError('FILE_PART_%d_MISSING', 0);
  };

  /** Takes a part that belongs to no unfinished upload, if an earlier one had it. Otherwise the id is used for another file, and the earlier upload is forgotten. */
  const takeLatePart = async (part: PartPlace, bytes: Uint8Array): Promise<boolean> => {
    const earlier = await findFinishedUpload(db, part);
    if (earlier === undefined) return false;
    if (await isStoredPart({ db, reader }, earlier, part, bytes)) return true;
    await forget(part);
    return false;
  };

  /**
   * The blob that an earlier call has made of an upload. A client may use the id of an upload again for another file, of which the parts so far were
   * equal to those of the earlier one and so were not kept. Then the earlier one is forgotten, and the client is asked for all parts again.
   */
  const findEarlier = async (upload: UploadKey, file: tl.inputFile | tl.inputFileBig): Promise<EarlierUpload> => {
    const earlier = await findFinishedUpload(db, upload);
    if (earlier !== undefined && isSameFile(earlier, file)) return earlier;
    throw earlier === undefined ? rpcError('FILE_PART_%d_MISSING', 0) : await askAgain(upload);
  };

  /** Refuses a file before it is moved or hashed, unless its upload was finished before: a repeated call finds its document. */
  const checkRoom = async (upload: UploadKey, file: tl.inputFile | tl.inputFileBig, size: number): Promise<void> => {
    // To wait until there is room would be in vain.
    if (size > config.unsentFileBytes) throw rpcError('FILE_PARTS_INVALID');
    const refusal = await unsentLimit.doFindRefusal(upload.userId, size);
    if (refusal === undefined) return;
    const earlier = await findFinishedUpload(db, upload);
    if (earlier === undefined || earlier.size !== size || !isSameFile(earlier, file)) throw refusal;
  };

  /** The content of an upload: a finished file, or the blob that an earlier call has made of it. */
  const findContent = async (upload: UploadKey, file: tl.inputFile | tl.inputFileBig, check: (size: number) => Promise<void>): Promise<UploadContent> => {
    const result = await uploads.finish(upload.userId, upload.fileId, file.parts, check);
    switch (result.outcome) {
      case 'refused':
        throw refusalOf(result.reason);
      case 'missing':
        throw rpcError('FILE_PART_%d_MISSING', result.part);
      case 'absent':
        return await findEarlier(upload, file);
      case 'finished': {
        const md5 = md5Of(file, result.file.size);
        if (md5 !== '' && md5 !== (await uploads.hashWhole(result.file, 'md5'))) throw rpcError('MD5_CHECKSUM_INVALID');
        return { ...result.file, md5: md5 === '' ? null : Buffer.from(md5, 'hex'), finished: result.file };
      }
    }
  };

  /** The content of an upload, if it may come in. */
  const admitContent = async (upload: UploadKey, file: tl.inputFile | tl.inputFileBig): Promise<UploadContent> => {
    const content = await findContent(upload, file, (size) => checkRoom(upload, file, size));
    await gate.checkUpload(upload, content);
    return content;
  };

  /** Runs `use` with the content of an upload, while no other call does so. */
  const whileAlone = async <T>(userId: bigint, fileId: bigint, use: (upload: UploadKey) => Promise<T>): Promise<T> => {
    try {
      return await writing(() => uploads.whileAlone(userId, fileId, () => use({ userId, fileId })));
    } catch (error) {
      // Of the file that this call means, all parts have to come again.
      throw error instanceof UploadReplaced ? rpcError('FILE_PART_%d_MISSING', 0) : error;
    }
  };

  return {
    async doSavePart(part, bytes) {
      const result = await writing(() => uploads.savePart(part, bytes, () => takeLatePart(part, bytes)));
      if (result.outcome === 'refused') throw refusalOf(result.reason);
    },
    askAgain,
    async useUpload(userId, file, use) {
      if (file._ !== 'inputFile' && file._ !== 'inputFileBig') throw rpcError('MEDIA_INVALID');
      return whileAlone(userId, file.id, async (upload) => use(upload, await admitContent(upload, file)));
    },
    useOpaqueUpload: (userId, file, use) => whileAlone(userId, file.id, async (upload) => use(upload, await findContent(upload, file, async () => {}))),
  };
}
