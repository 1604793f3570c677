import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { BlobContent, BlobReader } from '../blobs/index.ts';
import type { AccessedFile, FileAccess, FileOrigin, StoredDocument, StoredPhoto } from '../documents/index.ts';
import { type OpenSize, openSizeOf } from '../collections/index.ts';

/** Names a document, or a size of a photo, at an origin. */
export interface SourceName {
  kind: 'document' | 'photo';
  documentId: bigint;
  /** The type of the size of a photo; '' for documents. */
  sizeType: string;
  origin: FileOrigin;
}

/** A document, or a size of a photo, that somebody may read at an origin: the bytes of a blob, or a range of them. */
export interface FileSource extends SourceName {
  /** Whether nothing of the origin may be forwarded or copied. */
  isProtected: boolean;
  blob: BlobContent;
  /** The first byte, in the blob. */
  start: number;
  /** Bytes. */
  size: number;
}

/** Opens files at their origins. */
export interface FileSources {
  /** Opens a document by what a client says. Throws as {@link FileAccess.access}, with FILE_ID_INVALID. */
  openDocument(viewerId: bigint, location: tl.inputDocumentFileLocation): Promise<{ document: tl.document; source: FileSource }>;
  /**
   * Opens a size of a photo by what a client says.
   * @throws RpcError as {@link FileAccess.access}, with FILE_ID_INVALID; LOCATION_INVALID (there is no file of that size)
   */
  openPhoto(viewerId: bigint, location: tl.inputPhotoFileLocation): Promise<OpenSize & { source: FileSource | undefined }>;
  /**
   * Opens what the server itself has named, if the viewer may read it now.
   * @throws RpcError FILE_ID_INVALID, FILE_REFERENCE_EXPIRED, LOCATION_INVALID
   */
  open(viewerId: bigint, name: SourceName): Promise<FileSource>;
}

/** What opens documents and photos. */
interface SourceParts {
  documents: FileAccess<StoredDocument>;
  photos: FileAccess<StoredPhoto>;
  read: BlobReader['read'];
}

/** Creates the opener. */
export function createFileSources({ documents, photos, read }: SourceParts): FileSources {
  const ofDocument = ({ id, blob, origin, isProtected }: AccessedFile<StoredDocument>): FileSource =>
    ({ kind: 'document', documentId: id, sizeType: '', origin, isProtected, blob, start: 0, size: blob.size });

  const ofPhoto = (file: AccessedFile<StoredPhoto>, sizeType: string): OpenSize & { source: FileSource | undefined } => {
    const opened = openSizeOf(file, sizeType, read);
    const { id, blob, origin, isProtected } = file;
    const { offset: start, size, isVideo } = opened.place;
    // Only profiles have photos with videos.
    const source: FileSource | undefined = isVideo ? undefined : { kind: 'photo', documentId: id, sizeType, origin, isProtected, blob, start, size };
    return { ...opened, source };
  };

  return {
    async openDocument(viewerId, location) {
      const file = await documents.access(viewerId, location, 'FILE_ID_INVALID');
      return { document: file.document, source: ofDocument(file) };
    },
    openPhoto: async (viewerId, location) => ofPhoto(await photos.access(viewerId, location, 'FILE_ID_INVALID'), location.thumb_size),
    async open(viewerId, { kind, documentId, sizeType, origin }) {
      if (kind === 'document') return ofDocument(await documents.accessAt(viewerId, documentId, origin, 'FILE_ID_INVALID'));
      const { source } = ofPhoto(await photos.accessAt(viewerId, documentId, origin, 'FILE_ID_INVALID'), sizeType);
      if (source === undefined) throw rpcError('LOCATION_INVALID');
      return source;
    },
  };
}
