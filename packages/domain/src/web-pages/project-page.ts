import type { tl } from '@aerogram/tl';

import type { FetchedPage } from '../shared/index.ts';

/** Page types that clients display in a special way. All others are sent as `article`. */
const TYPES: ReadonlySet<string> = new Set(['article', 'profile', 'video', 'photo', 'audio', 'app', 'book']);

/** Pictures that are not wider are shown beside the text only, in pixels. */
const SMALL_WIDTH = 320;

/**
 * The TL object of a fetched page; undefined if there is nothing to show.
 * @param url the URL as in the message
 * @param photo made of its picture
 */
export function projectPage(pageId: bigint, url: string, fetched: FetchedPage, photo: tl.photo | undefined): tl.webPage | undefined {
  const { title, description, siteName, author, picture, type = picture === undefined ? '' : 'photo' } = fetched;
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
  return withPhoto(page, photo);
}

/** A page with this photo, or without one; undefined if there is nothing to show. Pure. */
export function withPhoto(page: tl.webPage, photo: tl.photo | undefined): tl.webPage | undefined {
  if (page.title === undefined && page.description === undefined && photo === undefined) return undefined;
  const shown: tl.webPage = { ...page, photo, has_large_media: photo !== undefined && isLarge(photo) ? true : undefined };
  return { ...shown, hash: hashOf(shown) };
}

/** Whether a photo is worth being shown as wide as the chat. */
function isLarge({ sizes }: tl.photo): boolean {
  return sizes.some((size) => 'w' in size && size.w > SMALL_WIDTH);
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
function hashOf({ id, title, description, site_name: siteName, author, type, photo }: tl.webPage): number {
  let hash = 17;
  for (const character of [id, title, description, siteName, author, type, photo?._ === 'photo' ? photo.id : undefined].join('\n')) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) | 0;
  return hash & 0x7fffffff || 1;
}
