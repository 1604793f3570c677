/** Sticker sets: those that ship with the server, and those that people make; who has which of them; and how they are found. */
export { BundledFiles } from './bundled-files.ts';
export type { SetKind } from './default-sets.ts';
export { deleteMadeSet, dropMadeSetsOf, findMadeSets, listDocumentsOfSet, type MadeSet } from './made-set-store.ts';
export { findSetPicture } from './made-sets.ts';
export type { ServedSet, SetHead } from './served-set.ts';
export type { SetMaker, SetWish } from './set-changes.ts';
export type { SetAction, SetsChange } from './installed-sets.ts';
export { StickerSets } from './sticker-sets.ts';
