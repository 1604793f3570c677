import { type FinishedUpload, HASH_BYTES, HASHED_FILE_MAX, type PartPlace, type SaveResult } from '@aerogram/blob';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import type { BlobReader } from './blob-reader.ts';
import { type BlobWrites, type NewContent } from './blob-writes.ts';
import { insertBlob, insertDocument, lockBlob, type NewBlob, type StoredDocument } from './document-store.ts';
import { newDocumentId } from './document-id.ts';
import { uploadsMetric } from './file-metrics.ts';
import { type EarlierUpload, findFinishedUpload, forgetFinishedUpload, isSameFile, md5Of, saveFinishedUpload, type UploadKey } from './finished-upload-store.ts';
import { isStoredPart } from './late-parts.ts';
import { cleanMimeType, prepareAttributes } from './prepare-document.ts';
import { withFileStorage } from './storage-failures.ts';
import { checkUnsentLimit, findUnsentRefusal } from './unsent-limit.ts';
import { findSameUnsent, keepUnsent, lockUploader } from './unsent-store.ts';

/** How long somebody with too many bytes in unfinished uploads should wait, in seconds. */
const OVER_QUOTA_WAIT_S = 600;
/** How long somebody with too many unfinished uploads should wait, in seconds: one of them may be finished soon. */
const TOO_MANY_WAIT_S = 30;

/** For how long a document that was not sent is used for the same content again, in seconds: not longer than its file reference is valid. */
export const REUSED_S = 86_400;

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

/** Files that users upload, and the documents made of them. */
export interface DocumentUploads {
  /**
   * Stores a part of a file. A part that arrives again after its upload was finished is accepted, and nothing is stored.
   * @throws RpcError FILE_PART_EMPTY, FILE_PART_INVALID, FILE_PART_SIZE_CHANGED, FILE_PART_SIZE_INVALID, FILE_PART_TOO_BIG, FILE_PARTS_INVALID,
   * FLOOD_WAIT_%d (too many unfinished uploads, or too many bytes in them); DiskFull, FilesUnavailable
   */
  doSavePart(part: PartPlace, bytes: Uint8Array): Promise<void>;
  /**
   * Makes a document of an uploaded file. As long as no message refers to it, the same content with the same attributes gives its uploader the same
   * document for a day; afterwards, another one.
   * @throws RpcError FILE_PARTS_INVALID, FILE_PART_%d_MISSING, MD5_CHECKSUM_INVALID, MEDIA_INVALID, FLOOD_WAIT_%d (too many unsent files); DiskFull, FilesUnavailable: the upload
   * stays, so that the call can be repeated
   */
  doCreateDocument(userId: bigint, input: tl.inputMediaUploadedDocument): Promise<StoredDocument>;
  /**
   * Finishes an upload of which something else is made.
   * @param use gets its content, and must discard the upload when it is not needed any longer
   * @throws RpcError as {@link DocumentUploads.doCreateDocument}
   */
  useUpload<T>(userId: bigint, file: tl.InputFile, use: (upload: UploadKey, content: UploadContent) => Promise<T>): Promise<T>;
}

/** The content of an upload: the file, unless the upload is gone because an earlier call has made something of it. */
export interface UploadContent extends EarlierUpload {
  finished?: FinishedUpload;
}

/** Creates the uploads. */
export function createDocumentUploads(deps: Pick<DomainDeps, 'db' | 'clock' | 'random' | 'config' | 'metrics' | 'fileStorage'>, { reader, writes }: { reader: Pick<BlobReader, 'read'>; writes: BlobWrites }): DocumentUploads {
  const { db, clock, random, config } = deps;
  const { uploads, store } = deps.fileStorage;
  const finishedUploads = deps.metrics.counter(uploadsMetric);

  /** Runs work that writes files, unless the disk is nearly full: neither parts nor blobs pass through the database, which asks the same. */
  const writing = <T>(work: () => Promise<T>): Promise<T> =>
    withFileStorage(() => {
      const refusal = deps.fileStorage.refusal?.();
      return refusal === undefined ? work() : Promise.reject(refusal);
    });

  const forget = (upload: UploadKey): Promise<void> => db.transact('forget-finished-upload', (tx) => forgetFinishedUpload(tx, upload));

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
    if (earlier !== undefined) await forget(upload);
    throw rpcError('FILE_PART_%d_MISSING', 0);
  };

  /** Refuses a file before it is moved or hashed, unless its upload was finished before: a repeated call finds its document. */
  const checkRoom = async (upload: UploadKey, file: tl.inputFile | tl.inputFileBig, size: number): Promise<void> => {
    // To wait until there is room would be in vain.
    if (size > config.unsentFileBytes) throw rpcError('FILE_PARTS_INVALID');
    const refusal = await findUnsentRefusal(deps, upload.userId, size);
    if (refusal === undefined) return;
    const earlier = await findFinishedUpload(db, upload);
    if (earlier === undefined || earlier.size !== size || !isSameFile(earlier, file)) throw refusal;
  };

  /** The content of an upload: a finished file, or the blob that an earlier call has made of it. */
  const findContent = async (upload: UploadKey, file: tl.inputFile | tl.inputFileBig): Promise<UploadContent> => {
    const result = await uploads.finish(upload.userId, upload.fileId, file.parts, (size) => checkRoom(upload, file, size));
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

  /**
   * Makes a document of a blob.
   * @param how.added the blob to store if there is none of this identity; its bytes are in the store
   * @param how.refusal why the user may not have another document; one that was made before is found all the same
   * @returns undefined if there is no blob of this identity and none to store
   */
  const createDocument = (
    upload: UploadKey,
    input: tl.inputMediaUploadedDocument,
    content: EarlierUpload,
    { added, refusal }: { added?: NewBlob; refusal?: RpcError | undefined },
  ): Promise<StoredDocument | undefined> =>
    db.transact('create-document', async (tx) => {
      const date = clock.now();
      const { identity } = content;
      const blob = (await lockBlob(tx, identity)) ?? (added && (await insertBlob(tx, added, date)));
      // An upload that has become a photo has a blob of another size, with the sizes of the photo.
      if (blob?.size !== content.size) return undefined;
      const id = newDocumentId(random, config.homeDcId);
      const document: tl.document = {
        _: 'document',
        id,
        access_hash: 0n,
        file_reference: new Uint8Array(),
        date,
        mime_type: cleanMimeType(input.mime_type),
        size: BigInt(blob.size),
        dc_id: config.homeDcId,
        attributes: prepareAttributes(input.attributes),
      };
      await lockUploader(tx, upload.userId);
      const same = await findSameUnsent(tx, document, { identity, userId: upload.userId, afterDate: date - REUSED_S });
      const stored = { id: same?.id ?? id, uploaderId: upload.userId, document: same ?? document, blob };
      if (same === undefined) {
        if (refusal !== undefined) throw refusal;
        await checkUnsentLimit(tx, config, upload.userId, blob.size);
        await insertDocument(tx, stored, date);
      } else {
        await keepUnsent(tx, same.id);
      }
      await saveFinishedUpload(tx, upload, content, date);
      return stored;
    });

  const contentOf = (finished: FinishedUpload): NewContent => ({ ...finished, put: () => store.adopt(finished.path, finished.name, finished.size) });

  /** The SHA-256 of a whole file; null for long ones, because it takes another pass over the file. That of a file that is one block is known. */
  const findWholeHash = async (finished: FinishedUpload): Promise<Uint8Array | null> => {
    if (finished.blockHashes.length === HASH_BYTES) return finished.blockHashes;
    return finished.size > HASHED_FILE_MAX ? null : Buffer.from(await uploads.hashWhole(finished, 'sha256'), 'hex');
  };

  /** Puts a finished upload into the store, and makes a document of it. */
  const storeDocument = async (upload: UploadKey, input: tl.inputMediaUploadedDocument, content: UploadContent, finished: FinishedUpload): Promise<StoredDocument | undefined> => {
    const sha256 = await findWholeHash(finished);
    return writes.store(contentOf(finished), () => createDocument(upload, input, content, { added: { ...finished, sha256, dcId: config.homeDcId } }));
  };

  const finishUpload = async (upload: UploadKey, input: tl.inputMediaUploadedDocument, content: UploadContent): Promise<StoredDocument> => {
    const { finished } = content;
    const refusal = await findUnsentRefusal(deps, upload.userId, finished?.size ?? 0);
    if (finished !== undefined) await writes.replaceLostBytes(contentOf(finished));
    let created = await createDocument(upload, input, content, { refusal });
    if (created === undefined && finished !== undefined) {
      if (refusal !== undefined) throw refusal;
      created = await storeDocument(upload, input, content, finished);
    }
    // The blob was collected since the upload ended.
    if (created === undefined) throw rpcError('FILE_PART_%d_MISSING', 0);
    if (finished !== undefined) {
      if (created.blob.name !== finished.name) finishedUploads.inc({ content: 'known' });
      await uploads.discard(upload.userId, upload.fileId);
    }
    return created;
  };

  const useUpload: DocumentUploads['useUpload'] = async (userId, file, use) => {
    if (file._ !== 'inputFile' && file._ !== 'inputFileBig') throw rpcError('MEDIA_INVALID');
    const upload = { userId, fileId: file.id };
    return writing(() => uploads.whileAlone(userId, file.id, async () => use(upload, await findContent(upload, file))));
  };

  return {
    async doSavePart(part, bytes) {
      const result = await writing(() => uploads.savePart(part, bytes, () => takeLatePart(part, bytes)));
      if (result.outcome === 'refused') throw refusalOf(result.reason);
    },
    doCreateDocument: (userId, input) => useUpload(userId, input.file, (upload, content) => finishUpload(upload, input, content)),
    useUpload,
  };
}
