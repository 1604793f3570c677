// Row types of migrations 0006-search and 0049-public-posts.
import type { Generated } from 'kysely';

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
  /** Posts of the channel are written to `public_posts`, too (0049). */
  is_public: Generated<boolean>;
}

/** The search terms of a post of a public broadcast channel (0049). Written only by the indexer. Posts of channels that are not public any more may remain for a while. */
export interface PublicPostsTable {
  channel_id: bigint;
  msg_id: number;
  date: number;
  /** A tsvector in text form. */
  terms: string;
}

export interface SearchTables {
  message_search: MessageSearchTable;
  search_state: SearchStateTable;
  public_posts: PublicPostsTable;
}
