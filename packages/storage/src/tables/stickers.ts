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

/** Tables of sticker sets. */
export interface StickerTables {
  sticker_lists: StickerListsTable;
  installed_sets: InstalledSetsTable;
}
