import type { Document, DocumentRole, FileRef, LocalFile, Message, Photo } from '../../protocol/index.ts';

/** How the photo or file of a message is shown. */
export type MediaRole = 'photo' | DocumentRole;

/** The photo or file of a message, on the server or on its way there. */
export interface ShownMedia {
  role: MediaRole;
  photo?: Photo;
  document?: Document;
  local?: LocalFile;
  hasSpoiler: boolean;
  /** Sides in pixels, as far as they are known. */
  width?: number;
  height?: number;
}

/** The photo or file of a message. Pure. @returns undefined if it has none that can be shown */
export function mediaOf({ media, local }: Message): ShownMedia | undefined {
  if (media?.kind === 'photo') {
    const largest = media.photo.sizes.at(-1);
    return { role: 'photo', photo: media.photo, hasSpoiler: media.hasSpoiler === true, width: largest?.width, height: largest?.height };
  }
  if (media?.kind === 'document') {
    const { document } = media;
    const { width, height } = document.width && document.height ? document : (document.thumb ?? {});
    return { role: roleOf(media.role, document), document, hasSpoiler: media.hasSpoiler === true, width, height };
  }
  if (local) return { role: local.as, local, hasSpoiler: local.hasSpoiler === true, width: local.width, height: local.height };
  return undefined;
}

/** What cannot be played as what it says it is, is a file. */
function roleOf(role: DocumentRole, { mime }: Document): MediaRole {
  const isVideo = mime.startsWith('video/');
  if ((role === 'gif' || role === 'round' || role === 'video') && !isVideo) return 'file';
  return role;
}

/** Whether something is a picture or a video that can stand in an album. Pure. */
export const isVisual = (media: ShownMedia | undefined): boolean => media !== undefined && (media.role === 'photo' || media.role === 'video');

/** Names one size of the photo of a message; or its document, or the thumbnail of that. Pure. */
export function fileOf({ peer, id }: Message, file: { id: string }, size = ''): FileRef {
  return { of: 'message', peer, message: id, file: file.id, size };
}

/** The smallest size that is sharp when it is drawn so large, in pixels of the screen; else the largest. Pure. */
function sharpSize({ sizes }: Photo, side: number): Photo['sizes'][number] | undefined {
  return sizes.find(({ width, height }) => Math.max(width, height) >= side) ?? sizes.at(-1);
}

/** The picture that stands for a photo or video. Pure. @param side the longer side as it is drawn, in pixels of the screen */
export function pictureOf(message: Message, { photo, document }: ShownMedia, side: number): FileRef | undefined {
  const size = photo ? sharpSize(photo, side) : document?.thumb;
  const file = photo ?? document;
  return file && size && fileOf(message, file, size.name);
}

/** What is shown in place of a document that is no photo: its name, or what it is. Pure. */
export const nameOfDocument = ({ document, local }: ShownMedia): string | undefined => document?.name ?? local?.name;
