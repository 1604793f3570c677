/** What a page says about itself, as far as previews show it. Texts are plain, trimmed and of bounded length. */
export interface FetchedPage {
  title?: string;
  description?: string;
  siteName?: string;
  author?: string;
  /** 'article', 'video', … as Open Graph names them. */
  type?: string;
}

/**
 * Reads pages of the world outside. Must not be led to what only this server can reach, and must end within seconds:
 * see packages/web-fetch.
 */
export interface PageFetcher {
  /**
   * Reads what is needed for a preview of an http or https URL.
   * @param signal gives it up
   * @returns undefined when the page has nothing to show
   * @throws whatever keeps it from being read
   */
  fetchPage(url: string, signal: AbortSignal): Promise<FetchedPage | undefined>;
}
