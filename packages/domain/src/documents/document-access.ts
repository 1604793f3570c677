import { isDeepStrictEqual } from 'node:util';

import { rpcError, type ErrorName } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { AccessHashes } from '../peers/index.ts';
import { type DomainDeps, LoadingCache } from '../shared/index.ts';
import { type BlobContent, type BlobReader, type BlobRow, isUsable } from '../blobs/index.ts';
import { findDocuments, findPhotos } from './document-store.ts';
import type { FileOrigin, FileReferences } from './file-reference.ts';
import type { FileRights } from './file-rights.ts';
import { EVERYBODY } from './everybody.ts';

/** Maximum number of documents that are cached. Only what never changes is cached: a repair may move the bytes of a blob. */
const DOCUMENTS_MAX = 10_000;

/** A document in an origin that a user may read. */
export interface OriginContent {
  /** Ids of the documents in the message. */
  documentIds: readonly bigint[];
  /** Whether nothing of it may be forwarded or copied. */
  isProtected: boolean;
}

/** Reads what a user may see at an origin other than an upload; undefined if there is nothing. Throws no errors about rights. @param documentId the only document that matters, where reading all would be much */
export type ReadOrigin = (viewerId: bigint, origin: Exclude<FileOrigin, { kind: 'upload' }>, documentId: bigint) => Promise<OriginContent | undefined>;

/** A stored document or photo. */
interface StoredFile {
  id: bigint;
  uploaderId: bigint;
  blob: BlobRow;
}

/** What never changes about a document or photo. */
type CachedFile<T extends StoredFile> = Omit<T, 'blob'> & Pick<StoredFile, 'id' | 'uploaderId'> & { blob: BlobContent };

/** A kind of file that clients refer to by id, access hash and file reference. */
export interface FileKind<T extends StoredFile> {
  access: 'document' | 'photo';
  find(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, T>>;
}

/** Documents. */
export const DOCUMENTS = { access: 'document', find: findDocuments } as const;
/** Photos. */
export const PHOTOS = { access: 'photo', find: findPhotos } as const;

/** What a client says about a document or photo. */
export interface DocumentInput {
  id: bigint;
  access_hash: bigint;
  file_reference: Uint8Array;
}

/** A document or photo that a user may read. */
export type AccessedFile<T extends StoredFile> = CachedFile<T> & { origin: FileOrigin; isProtected: boolean };

/** Errors for a file that does not exist, or whose access hash is wrong. */
export type UnknownFile = ErrorName & ('FILE_ID_INVALID' | 'DOCUMENT_INVALID' | 'MEDIA_INVALID' | 'PHOTO_INVALID' | 'PHOTO_ID_INVALID' | 'GIF_ID_INVALID' | 'RINGTONE_INVALID' | 'STICKER_ID_INVALID' | 'STICKER_FILE_INVALID');

/**
 * Decides who may read which documents, or which photos. A caller needs the access hash, a file reference that is still valid (24 to 25 hours), and, each time, the
 * right to read the origin that the reference names.
 */
export interface FileAccess<T extends StoredFile> {
  /** Forgets what is cached of a file, because it has changed. */
  forget(id: bigint): void;
  /**
   * Turns a client's reference to a file into a file that the viewer may read.
   * @param unknown the error for a file that does not exist or whose access hash is wrong
   * @throws RpcError `unknown`, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID, FILE_REFERENCE_EXPIRED (also if the right was lost)
   */
  access(viewerId: bigint, input: DocumentInput, unknown: UnknownFile): Promise<AccessedFile<T>>;
  /**
   * The same for a file that the server itself has named, with the origin from which the viewer has it.
   * @throws RpcError `unknown`, FILE_REFERENCE_EXPIRED (the viewer may not read it there)
   */
  accessAt(viewerId: bigint, id: bigint, origin: FileOrigin, unknown: UnknownFile): Promise<AccessedFile<T>>;
  /**
   * The same for a file that the viewer is about to send or keep once more.
   * @param edited the message that the file is edited into. What comes from it may stay in it, also if it is protected
   * @throws RpcError as {@link FileAccess.access}, CHAT_FORWARDS_RESTRICTED (its origin is protected), `unknown` (also if an operator has deleted or blocked the content)
   */
  accessToCopy(viewerId: bigint, input: DocumentInput, unknown: UnknownFile, edited?: FileOrigin): Promise<AccessedFile<T>>;
}

/** Creates the access to files of a kind. */
export function createFileAccess<T extends StoredFile>(
  kind: FileKind<T>,
  { db, clock }: Pick<DomainDeps, 'db' | 'clock'>,
  { accessHashes, references, readOrigin, reader, rights }: { accessHashes: AccessHashes; references: FileReferences; readOrigin: ReadOrigin; rights: FileRights; reader: Pick<BlobReader, 'remember'> },
): FileAccess<T> {
  const load = async (ids: readonly bigint[]): Promise<Map<bigint, CachedFile<T>>> => {
    const atMs = clock.monotonicMs();
    const found = await kind.find(db, ids);
    reader.remember([...found.values()].map(({ blob }) => blob), atMs);
    return new Map([...found].map(([id, file]) => [id, { ...file, blob: { identity: file.blob.identity, size: file.blob.size } }]));
  };
  const documents = new LoadingCache<bigint, CachedFile<T>>({ maxEntries: DOCUMENTS_MAX, load });

  const findRight = async (viewerId: bigint, document: CachedFile<T>, origin: FileOrigin): Promise<{ isProtected: boolean } | undefined> => {
    if (origin.kind === 'upload') return document.uploaderId === viewerId ? { isProtected: false } : undefined;
    const file = `${kind.access} ${document.id}`;
    const known = rights.find(viewerId, file, origin);
    if (known !== undefined) return known;
    const atMs = clock.monotonicMs();
    const content = await readOrigin(viewerId, origin, document.id);
    if (content?.documentIds.includes(document.id) !== true) return undefined;
    const right = { atMs, isProtected: content.isProtected };
    rights.keep(viewerId, file, { origin, right });
    return right;
  };

  const self: FileAccess<T> = {
    forget: (id) => documents.invalidate(id),
    async access(viewerId, { id, access_hash, file_reference }, unknown) {
      if (!accessHashes.matches(kind.access, EVERYBODY, id, access_hash)) throw rpcError(unknown);
      const opened = references.open(id, file_reference);
      if (opened.state === 'empty') throw rpcError('FILE_REFERENCE_EMPTY');
      if (opened.state === 'invalid') throw rpcError('FILE_REFERENCE_INVALID');
      if (opened.state === 'expired') throw rpcError('FILE_REFERENCE_EXPIRED');
      return self.accessAt(viewerId, id, opened.origin, unknown);
    },
    async accessAt(viewerId, id, origin, unknown) {
      const document = await documents.get(id);
      if (document === undefined) throw rpcError(unknown);
      const right = await findRight(viewerId, document, origin);
      // The client asks for the message again, and learns that it is gone.
      if (right === undefined) throw rpcError('FILE_REFERENCE_EXPIRED');
      return { ...document, origin, isProtected: right.isProtected };
    },
    async accessToCopy(viewerId, input, unknown, edited) {
      const file = await self.access(viewerId, input, unknown);
      const stays = edited !== undefined && isDeepStrictEqual(file.origin, edited);
      if (file.isProtected && !stays) throw rpcError('CHAT_FORWARDS_RESTRICTED');
      if (!(await isUsable(db, file.blob.identity))) throw rpcError(unknown);
      return file;
    },
  };
  return self;
}
