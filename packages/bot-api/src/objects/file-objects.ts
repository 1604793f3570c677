import type { tl } from '@aerogram/tl';

import type { NamedFile } from '../files/file-ids.ts';
import { ifText, jsonId, type JsonObject } from './json-object.ts';
import type { ObjectSource } from './object-source.ts';

/** The kinds of files that are documents. */
type DocumentKind = Exclude<NamedFile['kind'], 'photo' | 'thumbnail' | 'profile_photo' | 'chat_photo'>;

/** The fields `file_id` and `file_unique_id`. */
export function fileFields({ fileIds }: ObjectSource, file: NamedFile): { file_id: string; file_unique_id: string } {
  return { file_id: fileIds.fileId(file), file_unique_id: fileIds.uniqueId(file) };
}

/** A size that is a file of its own, with its length in bytes. */
export interface FileSize {
  type: string;
  w: number;
  h: number;
  bytes: number;
}

/** The sizes that are files, smallest first. Previews that come within an object are none. */
export function fileSizes(sizes: readonly tl.PhotoSize[]): FileSize[] {
  const files = sizes.flatMap((size): FileSize[] => {
    if (size._ === 'photoSize') return [{ type: size.type, w: size.w, h: size.h, bytes: size.size }];
    return size._ === 'photoSizeProgressive' ? [{ type: size.type, w: size.w, h: size.h, bytes: size.sizes.at(-1) ?? 0 }] : [];
  });
  return files.sort((a, b) => a.w * a.h - b.w * b.h);
}

/**
 * The sizes of a photo as PhotoSize objects, smallest first.
 * @param kind what their ids name: a photo of a message, or that of a profile or group
 */
export function projectPhotoSizes(source: ObjectSource, photo: tl.Photo | undefined, kind: 'photo' | 'profile_photo' | 'chat_photo' = 'photo'): JsonObject[] {
  if (photo?._ !== 'photo') return [];
  const { id, dc_id: dcId } = photo;
  return fileSizes(photo.sizes).map(({ type, w, h, bytes }) => ({ ...fileFields(source, { kind, dcId, id, size: type }), width: w, height: h, file_size: bytes }));
}

/** The ChatPhoto object of the picture beside a name; undefined if there is none. */
export function projectChatPhoto(source: ObjectSource, photo: tl.Photo | undefined, kind: 'profile_photo' | 'chat_photo'): JsonObject | undefined {
  if (photo?._ !== 'photo') return undefined;
  const sizes = fileSizes(photo.sizes);
  const small = sizes[0];
  const big = sizes.at(-1);
  if (small === undefined || big === undefined) return undefined;
  const ids = ({ type: size }: FileSize): { file_id: string; file_unique_id: string } => fileFields(source, { kind, dcId: photo.dc_id, id: photo.id, size });
  return { small_file_id: ids(small).file_id, small_file_unique_id: ids(small).file_unique_id, big_file_id: ids(big).file_id, big_file_unique_id: ids(big).file_unique_id };
}

/** The field `thumbnail` of a document, also under its old name `thumb`. */
export function thumbnailFields(source: ObjectSource, { id, dc_id: dcId, thumbs = [] }: tl.document): JsonObject {
  const largest = fileSizes(thumbs).at(-1);
  if (largest === undefined) return {};
  const { type, w: width, h: height, bytes: file_size } = largest;
  const thumbnail = { ...fileFields(source, { kind: 'thumbnail', dcId, id, size: type }), width, height, file_size };
  return { thumbnail, thumb: thumbnail };
}

/** The attribute of a kind; undefined if the document does not have it. */
export function attributeOf<K extends tl.DocumentAttribute['_']>({ attributes }: tl.document, kind: K): Extract<tl.DocumentAttribute, { _: K }> | undefined {
  return attributes.find((one): one is Extract<tl.DocumentAttribute, { _: K }> => one._ === kind);
}

/** What a document is for bots. The first of its attributes in this order counts, because GIFs are videos, too, and stickers may be. */
export function documentKind(document: tl.document): DocumentKind {
  if (attributeOf(document, 'documentAttributeSticker') ?? attributeOf(document, 'documentAttributeCustomEmoji')) return 'sticker';
  if (attributeOf(document, 'documentAttributeAnimated')) return 'animation';
  const video = attributeOf(document, 'documentAttributeVideo');
  if (video !== undefined) return video.round_message === true ? 'video_note' : 'video';
  const audio = attributeOf(document, 'documentAttributeAudio');
  if (audio !== undefined) return audio.voice === true ? 'voice' : 'audio';
  return 'document';
}

/** The fields that all objects of files have. */
export function commonFields(source: ObjectSource, document: tl.document, kind: DocumentKind): JsonObject {
  return { ...fileFields(source, { kind, dcId: document.dc_id, id: document.id, size: '' }), file_size: jsonId(document.size) };
}

/** Name and type of the file, as the sender named them. */
export function nameAndType(document: tl.document): JsonObject {
  return { file_name: ifText(attributeOf(document, 'documentAttributeFilename')?.file_name), mime_type: ifText(document.mime_type) };
}

/** Width, height and length in seconds. Animations without them, such as GIF files, have the sides of their picture, or 0. */
export function videoFields(document: tl.document): { width: number; height: number; duration: number } {
  const video = attributeOf(document, 'documentAttributeVideo');
  const sides = video ?? attributeOf(document, 'documentAttributeImageSize');
  return { width: sides?.w ?? 0, height: sides?.h ?? 0, duration: Math.floor(video?.duration ?? 0) };
}

/** The Document object. @param kind what its id names */
export function projectDocument(source: ObjectSource, document: tl.document, kind: DocumentKind = 'document'): JsonObject {
  return { ...commonFields(source, document, kind), ...nameAndType(document), ...thumbnailFields(source, document) };
}

/** The Audio object. */
export function projectAudio(source: ObjectSource, document: tl.document): JsonObject {
  const audio = attributeOf(document, 'documentAttributeAudio');
  return {
    ...commonFields(source, document, 'audio'),
    duration: Math.floor(audio?.duration ?? 0),
    performer: ifText(audio?.performer),
    title: ifText(audio?.title),
    ...nameAndType(document),
    ...thumbnailFields(source, document),
  };
}
