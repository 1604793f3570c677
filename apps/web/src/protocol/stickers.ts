import type { Document, DocumentRole } from './models.ts';

/** Sets of stickers, and sets of custom emoji. */
export type SetKind = 'stickers' | 'emoji';

/** A set of stickers or of custom emoji. */
export interface StickerSet {
  id: string;
  /** The name in its link. */
  name: string;
  title: string;
  kind: SetKind;
  /** How many stickers it has. */
  count: number;
  /** Another one after each change. */
  version: number;
  /** The account has it. */
  isInstalled?: boolean;
  /** The account has it, but not among those that are offered. */
  isArchived?: boolean;
}

/** A sticker, or a custom emoji. */
export interface Sticker {
  document: Document;
  /** The emoji that it stands for; empty if it says none. */
  emoji: string;
  /** It is drawn in the colour of the text around it. */
  isTinted?: boolean;
}

/** A sticker of a set: all emoji and words by which it is found. */
export interface SetSticker extends Sticker {
  finds: string[];
}

/** A set with all that it has. */
export interface WholeSet {
  set: StickerSet;
  stickers: SetSticker[];
}

/** Custom emoji that are offered as a status. */
export interface OfferedStatuses {
  /** Those that the account has had. */
  recent: Sticker[];
  /** Those that the server offers to everybody. */
  others: Sticker[];
}

/** What can be played when a message arrives. */
export interface Effect {
  id: string;
  /** Its sign. */
  emoji: string;
}

/** A sticker or GIF that the account keeps. */
export interface KeptDocument {
  document: Document;
  role: DocumentRole;
}

/** The stickers or GIFs of one list that the account keeps. */
export interface KeptView {
  documents: KeptDocument[];
}

/** The sets of one kind that the account has, in their order. */
export interface StickerSetsView {
  sets: StickerSet[];
}
