import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { AccessHashes } from '../peers/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import {
  BUNDLED_DATE,
  BUNDLED_DOCUMENTS,
  BUNDLED_REACTIONS,
  projectBundledDocument,
  projectBundledReference,
  readBundledDocument,
  THUMB_TYPE,
} from './bundled-documents.ts';
import { forEachRole } from './reaction-roles.ts';
import { projectServiceSet } from './service-sticker-sets.ts';

/** A file that the caller may read. */
export interface OpenFile {
  type: tl.storage.FileType;
  /** Unix seconds. */
  changed_date: number;
  /** Reads at most `limit` bytes from `offset`; returns no bytes past the end. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

/** Documents that clients show and download. */
export interface Files {
  /**
   * Resolves a file location from a client to a file that it may read. No other function does that.
   * @throws RpcError LOCATION_INVALID, FILE_ID_INVALID, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID
   */
  accessLocation(viewerId: bigint, location: tl.InputFileLocation): OpenFile;
  /** Lists numbers that identify the current list of reactions: the ids of its documents and the version of their TL objects. */
  listReactionIds(): Iterable<bigint>;
  /** Lists the available reactions with their documents. */
  listReactions(viewerId: bigint): tl.availableReaction[];
  /**
   * Returns a sticker set with its documents.
   * @throws RpcError STICKERSET_INVALID, EMOTICON_STICKERPACK_MISSING
   */
  projectStickerSet(viewerId: bigint, input: tl.InputStickerSet): tl.messages.stickerSet;
}

/** Increase this when the TL objects of the documents change, so that clients with a cached list of reactions fetch it again. */
const DESCRIPTION_VERSION = 1n;

/** Creates the file operations. */
export function createFiles({ config }: Pick<DomainDeps, 'config'>, accessHashes: AccessHashes): Files {
  return {
    accessLocation(viewerId, location) {
      // The only files so far are bundled documents, so no other kind of location exists.
      if (location._ !== 'inputDocumentFileLocation') throw rpcError('LOCATION_INVALID');
      const { id, access_hash, file_reference, thumb_size } = location;
      const document = BUNDLED_DOCUMENTS.get(id);
      if (document === undefined || !accessHashes.matches('document', viewerId, id, access_hash)) throw rpcError('FILE_ID_INVALID');
      if (file_reference.length === 0) throw rpcError('FILE_REFERENCE_EMPTY');
      if (Buffer.compare(file_reference, projectBundledReference(document)) !== 0) throw rpcError('FILE_REFERENCE_INVALID');
      const file = thumb_size === '' ? document : thumb_size === THUMB_TYPE ? document.thumb : undefined;
      if (file === undefined) throw rpcError('LOCATION_INVALID');
      return {
        type: { _: file.kind === 'webp' ? 'storage.fileWebp' : 'storage.fileUnknown' },
        changed_date: BUNDLED_DATE,
        async read(offset, limit) {
          return offset >= file.size ? new Uint8Array() : (await readBundledDocument(file)).subarray(offset, offset + limit);
        },
      };
    },
    listReactionIds: () => [...BUNDLED_DOCUMENTS.keys(), DESCRIPTION_VERSION],
    projectStickerSet: (viewerId, input) => projectServiceSet(accessHashes, viewerId, input),
    listReactions(viewerId) {
      return BUNDLED_REACTIONS.map(({ emoji, title, documents }): tl.availableReaction => ({
        _: 'availableReaction',
        reaction: emoji,
        title,
        ...forEachRole((role) => projectBundledDocument(documents[role], accessHashes.of('document', viewerId, documents[role].id), config.homeDcId)),
      }));
    },
  };
}
