/** The metadata of a page that a preview shows. Texts are plain, trimmed and limited in length. */
export interface FetchedPage {
  title?: string;
  description?: string;
  siteName?: string;
  author?: string;
  /** The Open Graph type, such as 'article' or 'video'. */
  type?: string;
}

/**
 * Fetches public web pages. An implementation must not reach addresses that only this server can reach, and must finish within seconds: see
 * packages/web-fetch.
 */
export interface PageFetcher {
  /**
   * Fetches the metadata for a preview of an http or https URL.
   * @param signal aborts the request
   * @returns undefined when the page has nothing to show
   * @throws any error that prevents the page from being read
   */
  fetchPage(url: string, signal: AbortSignal): Promise<FetchedPage | undefined>;
}
