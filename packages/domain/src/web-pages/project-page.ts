import type { tl } from '@aerogram/tl';

import type { FetchedPage } from '../shared/index.ts';

/** Types of pages that clients show in a way of their own; all else is an article. */
const TYPES: ReadonlySet<string> = new Set(['article', 'profile', 'video', 'photo', 'audio', 'app', 'book']);

/**
 * What was read of a page, as clients show it; undefined when that is nothing. Pictures come with files.
 * @param url as it stands in the message
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

/** How a link is written where there is little room: without scheme, `www.` and what is empty at its end. */
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

/** A number that differs where pages do, so that clients need not be told what they have; never 0. */
function hashOf({ id, title, description, site_name: siteName, author, type }: tl.webPage): number {
  let hash = 17;
  for (const character of [id, title, description, siteName, author, type].join('\n')) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) | 0;
  return hash & 0x7fffffff || 1;
}
