import { rpcError, type ErrorName } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';

import type { AccessHashes } from '../peers/index.ts';
import { type DomainDeps, LoadingCache } from '../shared/index.ts';
import type { BlobContent, BlobReader } from './blob-reader.ts';
import { findDocuments, type StoredDocument } from './document-store.ts';
import type { FileOrigin, FileReferences } from './file-reference.ts';
import { EVERYBODY } from './media-filler.ts';

/** Maximum number of documents that are cached. Only what never changes is cached: a repair may move the bytes of a blob. */
const DOCUMENTS_MAX = 10_000;
/** Maximum number of rights that are cached. */
const RIGHTS_MAX = 20_000;
/** How long a right that was lost may still be used, in milliseconds. */
const RIGHT_MS = 2000;

/** A document in an origin that a user may read. */
export interface OriginContent {
  /** Ids of the documents in the message. */
  documentIds: readonly bigint[];
  /** Whether nothing of it may be forwarded or copied. */
  isProtected: boolean;
}

/** Reads what a user may see at an origin other than an upload; undefined if there is nothing. Throws no errors about rights. */
export type ReadOrigin = (viewerId: bigint, origin: Exclude<FileOrigin, { kind: 'upload' }>) => Promise<OriginContent | undefined>;

/** What never changes about a document. */
interface CachedDocument extends Omit<StoredDocument, 'blob'> {
  blob: BlobContent;
}

/** What a client says about a document. */
export interface DocumentInput {
  id: bigint;
  access_hash: bigint;
  file_reference: Uint8Array;
}

/** A document that a user may read. */
export interface AccessedDocument extends CachedDocument {
  origin: FileOrigin;
  isProtected: boolean;
}

/**
 * Decides who may read which document. A caller needs the access hash, a file reference that is not older than a day, and, each time, the right to
 * read the message that the reference names.
 */
export interface DocumentAccess {
  /**
   * Turns a client's reference to a document into a document that the viewer may read.
   * @param unknown the error for a document that does not exist or whose access hash is wrong
   * @throws RpcError `unknown`, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID, FILE_REFERENCE_EXPIRED (also if the right was lost)
   */
  accessDocument(viewerId: bigint, input: DocumentInput, unknown: ErrorName & ('FILE_ID_INVALID' | 'DOCUMENT_INVALID')): Promise<AccessedDocument>;
}

/** Creates the access to documents. */
export function createDocumentAccess(
  { db, clock }: Pick<DomainDeps, 'db' | 'clock'>,
  { accessHashes, references, readOrigin, reader }: { accessHashes: AccessHashes; references: FileReferences; readOrigin: ReadOrigin; reader: Pick<BlobReader, 'remember'> },
): DocumentAccess {
  const load = async (ids: readonly bigint[]): Promise<Map<bigint, CachedDocument>> => {
    const atMs = clock.monotonicMs();
    const found = await findDocuments(db, ids);
    reader.remember([...found.values()].map(({ blob }) => blob), atMs);
    return new Map([...found].map(([id, { blob: { identity, size }, ...document }]) => [id, { ...document, blob: { identity, size } }]));
  };
  const documents = new LoadingCache<bigint, CachedDocument>({ maxEntries: DOCUMENTS_MAX, load });
  const rights = new RecentMap<string, { atMs: number; isProtected: boolean }>(RIGHTS_MAX);

  const findRight = async (viewerId: bigint, document: CachedDocument, origin: FileOrigin): Promise<{ isProtected: boolean } | undefined> => {
    if (origin.kind === 'upload') return document.uploaderId === viewerId ? { isProtected: false } : undefined;
    const peer = 'channelId' in origin ? origin.channelId : origin.kind === 'scheduled' ? origin.peerId : 0n;
    const key = `${viewerId}:${document.id}:${origin.kind}:${peer}:${origin.msgId}`;
    const known = rights.get(key);
    const nowMs = clock.monotonicMs();
    if (known !== undefined && nowMs - known.atMs < RIGHT_MS) return known;
    const content = await readOrigin(viewerId, origin);
    if (content?.documentIds.includes(document.id) !== true) return undefined;
    const right = { atMs: nowMs, isProtected: content.isProtected };
    rights.set(key, right);
    return right;
  };

  return {
    async accessDocument(viewerId, { id, access_hash, file_reference }, unknown) {
      if (!accessHashes.matches('document', EVERYBODY, id, access_hash)) throw rpcError(unknown);
      const opened = references.open(id, file_reference);
      if (opened.state === 'empty') throw rpcError('FILE_REFERENCE_EMPTY');
      if (opened.state === 'invalid') throw rpcError('FILE_REFERENCE_INVALID');
      if (opened.state === 'expired') throw rpcError('FILE_REFERENCE_EXPIRED');
      const document = await documents.get(id);
      if (document === undefined) throw rpcError(unknown);
      const right = await findRight(viewerId, document, opened.origin);
      // The client asks for the message again, and learns that it is gone.
      if (right === undefined) throw rpcError('FILE_REFERENCE_EXPIRED');
      return { ...document, origin: opened.origin, isProtected: right.isProtected };
    },
  };
}
