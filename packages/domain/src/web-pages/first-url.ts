import type { tl } from '@aerogram/tl';

import { normalizeUrl } from '../shared/index.ts';

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
