import type { tl } from '@aerogram/tl';

/** Longer ones are no addresses of pages. */
const URL_MAX = 2048;

/**
 * The address of a page as it is fetched and stored: an absolute http or https URL without user and password.
 * Undefined for everything else. Pure.
 */
export function normalizeUrl(raw: string): string | undefined {
  if (raw.length > URL_MAX) return undefined;
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(raw) ? raw : `http://${raw}`;
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return undefined;
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') return undefined;
  return url.href.length > URL_MAX ? undefined : url.href;
}

/** The link that a message is previewed by: the first one to a page, written out or behind words. Pure. */
export function findFirstUrl(text: string, entities: readonly tl.MessageEntity[] | undefined): string | undefined {
  for (const entity of entities ?? []) {
    if (entity._ !== 'messageEntityUrl' && entity._ !== 'messageEntityTextUrl') continue;
    const raw = entity._ === 'messageEntityUrl' ? text.slice(entity.offset, entity.offset + entity.length) : entity.url;
    const url = normalizeUrl(raw);
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Whether a link stands written out in the text: then it opens without a question. Pure. */
export function showsUrl(text: string, entities: readonly tl.MessageEntity[] | undefined, url: string): boolean {
  return (entities ?? []).some(
    (entity) => entity._ === 'messageEntityUrl' && normalizeUrl(text.slice(entity.offset, entity.offset + entity.length)) === url,
  );
}
