import type { Message, TextEntity } from '../../protocol/index.ts';
import { safeTarget } from '../parts/safe-target.ts';

/** A link in a message. */
export interface FoundLink {
  /** Where it leads, shown in full: nothing else says so. */
  target: string;
  title?: string;
}

const isLink = ({ kind }: TextEntity): boolean => kind === 'url' || kind === 'link';

/** The links of a message that a browser may follow, each once, with what is known of their pages. Pure. */
export function linksOf({ text, entities, media }: Message): FoundLink[] {
  const targets = entities?.filter(isLink).map((entity) => safeTarget(entity, text.slice(entity.offset, entity.offset + entity.length))) ?? [];
  const page = media?.kind === 'page' ? media : undefined;
  const previewed = page && safeTarget({ kind: 'link', offset: 0, length: 0, url: page.url }, '');
  const all = new Set([...targets, previewed].filter((target) => target !== undefined));
  return [...all].map((target) => ({ target, title: target === previewed ? (page?.title ?? page?.siteName) : undefined }));
}
