/** Row types of migration 0006-search. */

/** The search terms of one message of a box. Written only by the indexer; `aerogram search rebuild` recreates the rows from the box. */
export interface MessageSearchTable {
  owner_id: bigint;
  msg_id: number;
  /** Marked peer id. */
  peer_id: bigint;
  date: number;
  /** A tsvector in text form. */
  terms: string;
}

/** The pts up to which a box is indexed. No row: nothing is indexed. */
export interface SearchStateTable {
  owner_id: bigint;
  indexed_pts: number;
}

export interface SearchTables {
  message_search: MessageSearchTable;
  search_state: SearchStateTable;
}
