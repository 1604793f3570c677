import type { tl } from '@aerogram/tl';

import type { JsonFields } from '../params/json-fields.ts';

/** A type of results that are files. */
export interface FileKind {
  /** What the MTProto API calls the type. */
  type: 'photo' | 'gif' | 'video' | 'audio' | 'voice' | 'file' | 'sticker';
  /** What the names of its fields begin with, such as `photo_url` and `photo_file_id`. */
  prefix: string;
  /** The type of its bytes; undefined if the result says it. */
  mimeType?: string;
}

/** The types of results that are files, by their names in the Bot API. */
export const FILE_KINDS: ReadonlyMap<string, FileKind> = new Map<string, FileKind>([
  ['photo', { type: 'photo', prefix: 'photo', mimeType: 'image/jpeg' }],
  ['gif', { type: 'gif', prefix: 'gif', mimeType: 'image/gif' }],
  ['mpeg4_gif', { type: 'gif', prefix: 'mpeg4', mimeType: 'video/mp4' }],
  ['video', { type: 'video', prefix: 'video' }],
  ['audio', { type: 'audio', prefix: 'audio', mimeType: 'audio/mpeg' }],
  ['voice', { type: 'voice', prefix: 'voice', mimeType: 'audio/ogg' }],
  ['document', { type: 'file', prefix: 'document' }],
  ['sticker', { type: 'sticker', prefix: 'sticker' }],
]);

/** The file of a result: one that the server has, or one at a URL. @throws BotError 400 if the result names none */
export function readFile(fields: JsonFields, kind: FileKind): { fileId: string } | { content: tl.inputWebDocument } {
  const url = kind.type === 'sticker' ? '' : fields.text(`${kind.prefix}_url`);
  if (url === '') return { fileId: fields.neededText(`${kind.prefix}_file_id`) };
  return { content: { _: 'inputWebDocument', url, size: 0, mime_type: kind.mimeType ?? fields.neededText('mime_type'), attributes: readAttributes(fields, kind) } };
}

function readAttributes(fields: JsonFields, { type, prefix }: FileKind): tl.DocumentAttribute[] {
  const sizeOf = (name: string): number => Math.max(0, fields.int(`${prefix}_${name}`));
  const w = sizeOf('width');
  const h = sizeOf('height');
  const duration = sizeOf('duration');
  switch (type) {
    case 'photo':
      return w > 0 && h > 0 ? [{ _: 'documentAttributeImageSize', w, h }] : [];
    case 'gif':
    case 'video':
      return w > 0 || h > 0 || duration > 0 ? [{ _: 'documentAttributeVideo', w, h, duration }] : [];
    case 'audio':
      return [{ _: 'documentAttributeAudio', duration, title: fields.text('title'), performer: fields.text('performer') }];
    case 'voice':
      return [{ _: 'documentAttributeAudio', voice: true, duration }];
    default:
      return [];
  }
}

/** The picture of a result, which may have the old names of its fields; undefined if there is none. */
export function readThumb(fields: JsonFields): tl.inputWebDocument | undefined {
  const prefix = fields.has('thumb_url') ? 'thumb' : 'thumbnail';
  const url = fields.text(`${prefix}_url`);
  if (url === '') return undefined;
  const w = Math.max(0, fields.int(`${prefix}_width`));
  const h = Math.max(0, fields.int(`${prefix}_height`));
  const mime_type = fields.text(`${prefix}_mime_type`) || 'image/jpeg';
  return { _: 'inputWebDocument', url, size: 0, mime_type, attributes: w > 0 && h > 0 ? [{ _: 'documentAttributeImageSize', w, h }] : [] };
}
