/** What the web pages of links (`t.me/…`) show to anybody. */
export { createLinkPages, ELSEWHERE, type LinkPage, type LinkPages } from './link-pages.ts';
export { NamesElsewhere } from './names-elsewhere.ts';
