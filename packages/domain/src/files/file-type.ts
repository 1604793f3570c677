import type { tl } from '@aerogram/tl';

const FILE_TYPES: ReadonlyMap<string, tl.storage.FileType['_']> = new Map([
  ['image/jpeg', 'storage.fileJpeg'],
  ['image/png', 'storage.filePng'],
  ['image/gif', 'storage.fileGif'],
  ['image/webp', 'storage.fileWebp'],
  ['application/pdf', 'storage.filePdf'],
  ['audio/mpeg', 'storage.fileMp3'],
  ['video/quicktime', 'storage.fileMov'],
  ['video/mp4', 'storage.fileMp4'],
]);

/** The type of a file as `upload` methods name it. Pure. */
export function fileTypeOf(mimeType: string): tl.storage.FileType {
  return { _: FILE_TYPES.get(mimeType) ?? 'storage.fileUnknown' };
}
