import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../deps.ts';
import type { AccessHashes } from '../users/access-hash.ts';
import {
  BUNDLED_DATE, BUNDLED_DOCUMENTS, BUNDLED_REACTIONS, projectBundledDocument, projectBundledReference, readBundledDocument,
} from './bundled-documents.ts';
import { forEachRole } from './reaction-roles.ts';
import { projectServiceSet } from './service-sticker-sets.ts';

/** A file that the caller may read. */
export interface OpenFile {
  type: tl.storage.FileType;
  /** Unix seconds. */
  changed_date: number;
  /** At most `limit` bytes from `offset`; none behind the end. */
  read(offset: number, limit: number): Promise<Uint8Array>;
}

/** Documents that clients show and download. */
export interface Files {
  /**
   * THE function that turns what a client asks for into a file that it may read.
   * @throws RpcError LOCATION_INVALID, FILE_ID_INVALID, FILE_REFERENCE_EMPTY, FILE_REFERENCE_INVALID
   */
  accessLocation(viewerId: bigint, location: tl.InputFileLocation): OpenFile;
  /** The ids of all documents of the known reactions: while they stay, so does the list. */
  listReactionIds(): Iterable<bigint>;
  /** What one may react with, and how it is drawn. */
  listReactions(viewerId: bigint): tl.availableReaction[];
  /** A sticker set with what is in it. @throws RpcError STICKERSET_INVALID, EMOTICON_STICKERPACK_MISSING */
  projectStickerSet(viewerId: bigint, input: tl.InputStickerSet): tl.messages.stickerSet;
}

/** Makes the files subject. */
export function createFiles({ config }: Pick<DomainDeps, 'config'>, accessHashes: AccessHashes): Files {
  return {
    accessLocation(viewerId, location) {
      // Only documents that come with the server are files so far: other places hold none.
      if (location._ !== 'inputDocumentFileLocation') throw rpcError('LOCATION_INVALID');
      const { id, access_hash, file_reference, thumb_size } = location;
      const document = BUNDLED_DOCUMENTS.get(id);
      if (document === undefined || !accessHashes.matches('document', viewerId, id, access_hash)) throw rpcError('FILE_ID_INVALID');
      if (file_reference.length === 0) throw rpcError('FILE_REFERENCE_EMPTY');
      if (Buffer.compare(file_reference, projectBundledReference(document)) !== 0) throw rpcError('FILE_REFERENCE_INVALID');
      // They have no smaller forms.
      if (thumb_size !== '') throw rpcError('LOCATION_INVALID');
      return {
        type: { _: document.kind === 'webp' ? 'storage.fileWebp' : 'storage.fileUnknown' },
        changed_date: BUNDLED_DATE,
        async read(offset, limit) {
          return offset >= document.size ? new Uint8Array() : (await readBundledDocument(document)).subarray(offset, offset + limit);
        },
      };
    },
    listReactionIds: () => BUNDLED_DOCUMENTS.keys(),
    projectStickerSet: (viewerId, input) => projectServiceSet(accessHashes, viewerId, input),
    listReactions(viewerId) {
      return BUNDLED_REACTIONS.map(({ emoji, title, documents }): tl.availableReaction => {
        const shown = forEachRole((role) => projectBundledDocument(documents[role], accessHashes.of('document', viewerId, documents[role].id), config.homeDcId));
        return { _: 'availableReaction', reaction: emoji, title, ...shown, center_icon: shown.static_icon };
      });
    },
  };
}
