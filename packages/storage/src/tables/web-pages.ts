// Row types of the migrations web-pages and page-photos.

/** What is known about an external web page, for link previews. */
export interface WebPagesTable {
  /** SHA-256 hash of the URL. */
  url_hash: Uint8Array;
  /** Messages refer to the page by this id; a page fetched again after it expired gets a new id. */
  page_id: bigint;
  url: string;
  /** 0 pending, 1 ready, 2 no preview. */
  state: number;
  /** A webPage, stored by `storedEncode`. */
  page: Uint8Array | null;
  /** The photo in the page; null if it has none. */
  photo_id: bigint | null;
  requested_date: number;
  /** From this date on the row is ignored. */
  expires_date: number;
}

export interface WebPagesTables {
  web_pages: WebPagesTable;
}
