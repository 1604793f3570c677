import type { MadePhoto } from '@aerogram/media';

import type { DocumentThumb } from './add-document.ts';

/** Thumbnails that the server makes itself. */
export interface OwnThumbs {
  /**
   * Stores a picture that the server has made of a file as the thumbnail of its document, which is made afterwards.
   * @param documentSize in bytes
   * @returns undefined if there is no thumbnail, as when the uploader has no room for it and the document among the files that are not sent
   */
  doStoreThumb(userId: bigint, photo: MadePhoto, documentSize: number): Promise<DocumentThumb | undefined>;
}
