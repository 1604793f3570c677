/** Row types of the migration web-pages. */

/** What is known of a page outside, for previews of links to it. */
export interface WebPagesTable {
  /** SHA-256 of the URL. */
  url_hash: Uint8Array;
  /** Messages carry the page under it; what has expired and is wanted again gets a new one. */
  page_id: bigint;
  url: string;
  /** 0 pending, 1 ready, 2 nothing to show. */
  state: number;
  /** A stored webPage, by `storedEncode`. */
  page: Uint8Array | null;
  requested_date: number;
  /** From then on the row counts for nothing. */
  expires_date: number;
}

export interface WebPagesTables {
  web_pages: WebPagesTable;
}
