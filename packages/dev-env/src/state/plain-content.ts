import { askMedia, fillAction, fillMedia, type FileFill, type MediaTable } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';
import { plainPoll } from './poll-state.ts';

/** Files as {@link withReferenceKind} makes them. */
function plainFiles(holder: string): FileFill {
  const fill: FileFill = {
    photo: (photo) => withReferenceKind(holder, photo),
    document: (document) => withReferenceKind(holder, document),
    wallpaper: (wallpaper) => withPlainWallpaper(holder, wallpaper),
    media: (media) => fillMedia(media, fill),
  };
  return fill;
}

/** For media of which only the references to their files change. */
const withPlainFiles = <M extends tl.MessageMedia>(media: M, holder: string): M => fillMedia(media, plainFiles(holder));

const asItIs = <M>(media: M): M => media;

/** The form in which media of each kind are compared. */
const PLAIN: MediaTable<[string], tl.MessageMedia> = {
  messageMediaEmpty: asItIs,
  messageMediaWebPage: (media, holder) => ({ ...media, webpage: withPlainPhoto(holder, media.webpage) }),
  messageMediaPhoto: withPlainFiles,
  messageMediaDocument: withPlainFiles,
  messageMediaGeo: asItIs,
  messageMediaGeoLive: asItIs,
  messageMediaVenue: asItIs,
  messageMediaContact: asItIs,
  messageMediaDice: asItIs,
  messageMediaPoll: plainPoll,
  messageMediaToDo: asItIs,
};

/** The media of a message in the form in which they are compared. @param id of the message @throws Error if a client could not load a file in them */
export function plainMedia(id: number, media: tl.MessageMedia): tl.MessageMedia {
  return askMedia(PLAIN, media, `message ${id}`) ?? media;
}

/** What a service message says in the form in which it is compared. Throws as {@link plainMedia}. */
export function plainAction(id: number, action: tl.MessageAction): tl.MessageAction {
  return fillAction(action, () => plainFiles(`message ${id}`));
}

/** A page whose photo has no reference, because that of an update names the page, and that of a message the message. @throws Error if a client could not load it */
function withPlainPhoto(holder: string, page: tl.WebPage): tl.WebPage {
  if (page._ !== 'webPage' || page.photo?._ !== 'photo') return page;
  return { ...page, photo: { ...withReferenceKind(holder, page.photo), file_reference: new Uint8Array() } };
}

/** A wallpaper, as {@link withReferenceKind} makes its document. */
export function withPlainWallpaper(holder: string, wallpaper: tl.WallPaper): tl.WallPaper {
  if (wallpaper._ !== 'wallPaper' || wallpaper.document._ !== 'document') return wallpaper;
  return { ...wallpaper, document: withReferenceKind(holder, wallpaper.document) };
}

/**
 * A file whose reference is reduced to its kind, because references change with the hour.
 * @param holder what it is part of
 * @throws Error if a client could not load it
 */
export function withReferenceKind<T extends tl.document | tl.photo>(holder: string, file: T): T {
  if (file.access_hash === 0n || file.file_reference.length === 0) throw new Error(`${holder} has a ${file._} that cannot be loaded`);
  return { ...file, file_reference: file.file_reference.subarray(0, 1) };
}
