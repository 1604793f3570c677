/** What the web pages of links (`t.me/…`) show to anybody. */
export { createLinkPages, type LinkPage, type LinkPages } from './link-pages.ts';
