import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { isUsable } from '../blobs/index.ts';
import { findDocuments, type StoredDocument } from '../documents/index.ts';
import type { DocumentUploads } from './document-uploads.ts';
import { createPhotoOutcomes, type PictureKey } from './photo-outcomes.ts';
import type { UploadedBytes } from './uploaded-bytes.ts';
import { seeWallpaper } from './see-wallpaper.ts';

/** Makes the documents of wallpapers. */
export interface WallpaperFiles {
  /**
   * Makes the document of a wallpaper of an upload, with a thumbnail. A call that is repeated does not process the picture again.
   * @param mimeType one of {@link WALLPAPER_TYPES}
   * @throws RpcError as {@link DocumentUploads.doCreateDocument} and {@link seeWallpaper}
   */
  doCreate(userId: bigint, file: tl.InputFile, mimeType: string): Promise<tl.document>;
}

/** Creates the operation on files of wallpapers. */
export function createWallpaperFiles(
  { db, clock, photos }: Pick<DomainDeps, 'db' | 'clock' | 'photos'>,
  { documents, uploadBytes }: { documents: DocumentUploads; uploadBytes: UploadedBytes },
): WallpaperFiles {
  const outcomes = createPhotoOutcomes(clock);

  /** What a call a short time ago has made of this picture. @throws RpcError if that call was refused */
  const findEarlier = async (key: PictureKey, mimeType: string): Promise<StoredDocument | undefined> => {
    const outcome = outcomes.find(key);
    if (outcome === undefined) return undefined;
    if ('refusal' in outcome) throw rpcError('WALLPAPER_FILE_INVALID');
    const [known] = outcome.documentId === undefined ? [] : (await findDocuments(db, [outcome.documentId])).values();
    return known?.document.mime_type === mimeType && (await isUsable(db, known.blob.identity)) ? known : undefined;
  };

  return {
    async doCreate(userId, file, mimeType) {
      const input: tl.inputMediaUploadedDocument = { _: 'inputMediaUploadedDocument', file, mime_type: mimeType, attributes: [] };
      const keyOf = (identity: Uint8Array): PictureKey => ({ userId, identity, role: 'wallpaper' });
      const { document, blob } = await documents.doCreateDocument(userId, input, undefined, async (upload, content) => {
        const key = keyOf(content.identity);
        const earlier = await findEarlier(key, mimeType);
        // A new upload of the same picture has to be noted and thrown away as any other.
        if (earlier !== undefined && content.finished === undefined) return earlier;
        const bytes = await uploadBytes.open(upload, content);
        return bytes && seeWallpaper({ photos, outcomes }, key, mimeType, bytes);
      });
      outcomes.note(keyOf(blob.identity), { size: blob.size, documentId: document.id });
      return document;
    },
  };
}
