/** The metadata of a page that a preview shows. Texts are plain, trimmed and limited in length. */
export interface FetchedPage {
  title?: string;
  description?: string;
  siteName?: string;
  author?: string;
  /** The Open Graph type, such as 'article' or 'video'. */
  type?: string;
  /** The http or https URL of its picture. */
  pictureUrl?: string;
  /** The bytes at the URL itself, which is that of a picture. Then there is nothing else. */
  picture?: Uint8Array;
}

/** A file as its site gives it. */
export interface FetchedFile {
  bytes: Uint8Array;
  /** The header; anything. */
  contentType: string;
}

/**
 * Fetches public web pages. An implementation must not reach addresses that only this server can reach, and must finish within seconds: see
 * packages/web-fetch.
 */
export interface PageFetcher {
  /**
   * Fetches the metadata for a preview of an http or https URL.
   * @param signal aborts the request
   * @param mayFollow asked about the URL of each redirect before it is followed
   * @returns undefined when the page has nothing to show
   * @throws any error that prevents the page from being read
   */
  fetchPage(url: string, signal: AbortSignal, mayFollow: (url: string) => boolean): Promise<FetchedPage | undefined>;
  /**
   * Fetches the picture of a page.
   * @param signal aborts the request
   * @param mayFollow asked about the URL of each redirect before it is followed
   * @returns its bytes, which need not be those of a picture; undefined if its site says that it is something else
   * @throws any error that prevents it from being read
   */
  fetchPicture(url: string, signal: AbortSignal, mayFollow: (url: string) => boolean): Promise<Uint8Array | undefined>;
  /**
   * Fetches a file of any type, of limited length.
   * @param signal aborts the request
   * @param bounds.maxBytes its greatest length, if it is not to be the usual one
   * @param bounds.mayFollow asked about the URL of each redirect before it is followed; by default all are
   * @throws any error that prevents it from being read, also if it is too long
   */
  fetchFile(url: string, signal: AbortSignal, bounds?: { maxBytes?: number; mayFollow?: (url: string) => boolean }): Promise<FetchedFile | undefined>;
}
