/** Sticker sets: those that ship with the server, and those that people make; who has which of them; and how they are found. */
export { BundledFiles } from './bundled-files.ts';
export { DEFAULT_SETS, type SetKind } from './default-sets.ts';
export { EVERYBODYS_LIST, type InstalledRow, listInstalledRows, saveInstalledRows } from './installed-store.ts';
export { deleteMadeSet, dropMadeSetsOf, findMadeSets, findSetsOfDocuments, listDocumentsOfSet, listNewestSets, type MadeSet, saveListed } from './made-set-store.ts';
export { findSetPicture } from './made-sets.ts';
export type { ServedSet, SetHead } from './served-set.ts';
export type { SetMaker, SetWish } from './set-changes.ts';
export type { SetAction, SetsChange } from './installed-sets.ts';
export { StickerSets } from './sticker-sets.ts';
