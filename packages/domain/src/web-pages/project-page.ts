import type { tl } from '@aerogram/tl';

import type { FetchedPage } from '../shared/index.ts';

/** Page types that clients display in a special way. All others are sent as `article`. */
const TYPES: ReadonlySet<string> = new Set(['article', 'profile', 'video', 'photo', 'audio', 'app', 'book']);

/**
 * The TL object of a fetched page; undefined if there is nothing to show. Pictures are not supported yet.
 * @param url the URL as in the message
 */
export function projectPage(pageId: bigint, url: string, fetched: FetchedPage): tl.webPage | undefined {
  const { title, description, siteName, author, type = '' } = fetched;
  if (title === undefined && description === undefined) return undefined;
  const kind = type.split('.')[0]!;
  const page: tl.webPage = {
    _: 'webPage',
    id: pageId,
    url,
    display_url: displayUrl(url),
    hash: 0,
    type: TYPES.has(kind) ? kind : 'article',
    site_name: siteName,
    title,
    description,
    author,
  };
  return { ...page, hash: hashOf(page) };
}

/** A short form of a URL for display: without scheme, `www.` and a bare trailing slash. */
function displayUrl(url: string): string {
  const { host, pathname, search } = new URL(url);
  const path = safeDecode(pathname + search);
  return `${host.replace(/^www\./, '')}${path === '/' ? '' : path}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

/** A hash of the page's content, which lets clients skip pages that have not changed. Never 0. */
function hashOf({ id, title, description, site_name: siteName, author, type }: tl.webPage): number {
  let hash = 17;
  for (const character of [id, title, description, siteName, author, type].join('\n')) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) | 0;
  return hash & 0x7fffffff || 1;
}
