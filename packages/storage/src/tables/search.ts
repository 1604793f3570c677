/** Row types of migration 0006-search. */

/** What one message of a box is found by. Written by the indexer alone, and made anew from the box by `aerogram search rebuild`. */
export interface MessageSearchTable {
  owner_id: bigint;
  msg_id: number;
  /** Marked. */
  peer_id: bigint;
  date: number;
  /** A tsvector in its text form. */
  terms: string;
}

/** How far into a box its search rows reach. No row: nowhere. */
export interface SearchStateTable {
  owner_id: bigint;
  indexed_pts: number;
}

export interface SearchTables {
  message_search: MessageSearchTable;
  search_state: SearchStateTable;
}
