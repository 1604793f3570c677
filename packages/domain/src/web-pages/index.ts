/** Link previews: choosing, fetching and caching the pages. */
export { findPagePhoto } from './web-page-store.ts';
export { findFirstUrl, showsUrl } from './first-url.ts';
export { findAwaited, pageWork } from './page-work.ts';
export type { PageReader, PendingPage } from './page-reader.ts';
export { APPLY_PAGE, type ApplyPage, createWebPages, type Preview, type PreviewStyle, type WebPages } from './web-pages.ts';
