import type { Generated } from 'kysely';

/** A list of sticker sets that an account has changed (0139). An account without a row has the list of the server. */
export interface StickerListsTable {
  owner_id: bigint;
  /** 0: stickers, 1: masks, 2: custom emoji. */
  kind: number;
  is_own: boolean;
}

/** A sticker set that an account has in a list of its own (0139). */
export interface InstalledSetsTable {
  owner_id: bigint;
  /** As in `sticker_lists`. */
  kind: number;
  set_id: bigint;
  /** From 0, which is the first one. */
  position: number;
  archived: boolean;
  /** When it was installed or archived, in Unix time. */
  date: number;
}

/** A sticker set that somebody has made (0140). */
export interface StickerSetsTable {
  set_id: bigint;
  /** As in `sticker_lists`. */
  kind: number;
  /** Whose it is. */
  creator_id: bigint;
  /** Who may change it: the creator, or the bot that has made it for the creator. */
  maker_id: bigint;
  title: string;
  short_name: string;
  /** The short name in lower case. */
  name_key: string;
  /** Whether clients draw its documents in the colour of the text around them. */
  text_color: boolean;
  /** Grows with each change. */
  version: number;
  /** How many documents it has. */
  count: number;
  /** Of a set of custom emoji, one of them; of others, a file of their own. */
  thumb_document_id: bigint | null;
  /** Unix time. */
  created_date: number;
  /** Since when an operator lets everybody find it, in Unix time (0142); null: only who has it, or writes its whole name. */
  listed_date: Generated<number | null>;
}

/** A document that was made for a sticker set (0140). It never belongs to another one. */
export interface StickerDocumentsTable {
  document_id: bigint;
  /** The set may be deleted. */
  set_id: bigint;
  /** As in `sticker_lists`. */
  kind: number;
  /** Whose the set is. */
  creator_id: bigint;
  /** Who has made it: for whom it counts. */
  maker_id: bigint;
  /** The document of which it was made. */
  source_id: bigint;
  /** Bytes. */
  size: number;
  /** From 0, which is the first one; null if it is not in the set: it has left it, or is its picture. */
  position: number | null;
  /** The emoji for which it stands, the most important one first. */
  emoji: string[];
  /** The same, as they are compared in a search. */
  emoji_keys: string[];
  keywords: string[];
  /** Unix time. */
  added_date: number;
}

/** The name of a sticker set that was deleted. For a while only its former owner may use it (0142). */
export interface LeftSetNamesTable {
  /** In lower case. */
  name_key: string;
  /** 0 if the account was deleted. */
  creator_id: bigint;
  /** Unix time from which anybody may take the name. */
  free_date: number;
}

/** Tables of sticker sets. */
export interface StickerTables {
  sticker_lists: StickerListsTable;
  installed_sets: InstalledSetsTable;
  sticker_sets: StickerSetsTable;
  sticker_documents: StickerDocumentsTable;
  left_set_names: LeftSetNamesTable;
}
