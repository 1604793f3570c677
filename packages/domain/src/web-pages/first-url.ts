import type { tl } from '@aerogram/tl';

import { normalizeUrl } from '../shared/index.ts';

/** The link to show a preview for: the first link to a web page, either written out or behind a text link. Pure. */
export function findFirstUrl(text: string, entities: readonly tl.MessageEntity[] | undefined): string | undefined {
  for (const entity of entities ?? []) {
    if (entity._ !== 'messageEntityUrl' && entity._ !== 'messageEntityTextUrl') continue;
    const raw = entity._ === 'messageEntityUrl' ? text.slice(entity.offset, entity.offset + entity.length) : entity.url;
    const url = normalizeUrl(raw);
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Whether the text contains the URL written out. Clients open such a link without asking for confirmation. Pure. */
export function showsUrl(text: string, entities: readonly tl.MessageEntity[] | undefined, url: string): boolean {
  return (entities ?? []).some(
    (entity) => entity._ === 'messageEntityUrl' && normalizeUrl(text.slice(entity.offset, entity.offset + entity.length)) === url,
  );
}
