/** Sticker sets: those that ship with the server, with all their documents; who has which of them; and how they are found. */
export { BundledFiles } from './bundled-files.ts';
export type { SetKind } from './default-sets.ts';
export type { ServedSet } from './served-set.ts';
export type { SetAction, SetsChange } from './installed-sets.ts';
export { StickerSets } from './sticker-sets.ts';
