import type { Database } from '@aerogram/storage';

import type { BlobReader } from '../blobs/index.ts';
import { type FileLinks, findDocuments, findPhotos, findSizePlace, type NamedPart, thumbIdOf } from '../documents/index.ts';
import type { BundledFiles } from '../sticker-sets/index.ts';
import type { OpenFile } from './open-file.ts';

/** A document, or a size of a photo, that the server itself has named to somebody. */
export interface NamedFile extends Pick<OpenFile, 'read'> {
  /** As its uploader has named it; '' if it has no name. */
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
  /** Unix seconds. */
  date: number;
  /** Equal for equal content: 64 hex digits, and for a size of a photo a dash and its type. */
  identity: string;
}

/** One that somebody loads by a link. */
export interface LinkedFile extends NamedFile {
  /** How long the link is still valid, in seconds. */
  linkSeconds: number;
}

interface Parts {
  db: Pick<Database, 'run'>;
  links: Pick<FileLinks, 'open'>;
  bundled: Pick<BundledFiles, 'openNamed'>;
  read: BlobReader['read'];
}

/** Opens files by what the server itself has said of them. Rights are for the caller to check. */
export class NamedFiles {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Finds the document of a link. @returns undefined if the link is not ours or not valid any more, or the document is gone or was deleted by an operator */
  async openLink(token: string): Promise<LinkedFile | undefined> {
    const link = this.#parts.links.open(token);
    const file = link && (await this.openDocument(link.documentId));
    return link && file && { ...file, linkSeconds: link.seconds };
  }

  /**
   * Opens a document or photo, or one of its sizes.
   * @returns undefined if there is none, or an operator has deleted it
   */
  async open({ documentId, sizeType }: NamedPart): Promise<NamedFile | undefined> {
    const { db, bundled, read } = this.#parts;
    const shipped = bundled.openNamed(documentId, sizeType);
    if (shipped !== undefined) return shipped;
    if (sizeType === '') return this.openDocument(documentId);
    // A size is one of a photo, or of the photo that is the thumbnail of a document.
    const photos = await findPhotos(db, [documentId, thumbIdOf(documentId)]);
    const { photo, blob } = photos.get(documentId) ?? photos.get(thumbIdOf(documentId)) ?? {};
    const place = photo && findSizePlace(photo, sizeType);
    if (photo === undefined || blob === undefined || place === undefined || blob.isDeleted === true) return undefined;
    const { offset: start, size, isVideo } = place;
    return {
      name: '',
      mimeType: isVideo ? 'video/mp4' : 'image/jpeg',
      size,
      date: photo.date,
      identity: `${Buffer.from(blob.identity).toString('hex')}-${sizeType}`,
      read: async (offset, limit) => (offset >= size ? new Uint8Array() : read(blob, start + offset, Math.min(limit, size - offset))),
    };
  }

  /** Opens a document that somebody has uploaded. @returns undefined as {@link NamedFiles.open} */
  async openDocument(documentId: bigint): Promise<NamedFile | undefined> {
    const stored = (await findDocuments(this.#parts.db, [documentId])).get(documentId);
    if (stored === undefined || stored.blob.isDeleted === true) return undefined;
    const { document, blob } = stored;
    const named = document.attributes.find((attribute) => attribute._ === 'documentAttributeFilename');
    return {
      name: named?.file_name ?? '',
      mimeType: document.mime_type,
      size: blob.size,
      date: document.date,
      identity: Buffer.from(blob.identity).toString('hex'),
      read: (offset, limit) => this.#parts.read(blob, offset, limit),
    };
  }
}
