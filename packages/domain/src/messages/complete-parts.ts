import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { throwDice } from '../collections/index.ts';
import { findFirstUrl, type PreviewStyle, type WebPages } from '../web-pages/index.ts';
import type { Outgoing, OutgoingPart } from './outgoing.ts';

/** The URL and display options of a link preview whose page has not been fetched yet; undefined for other media. */
export function findAwaited(media: tl.MessageMedia | undefined): { url: string; style: PreviewStyle } | undefined {
  if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending') return undefined;
  const { _, webpage, ...style } = media;
  return { url: webpage.url ?? '', style };
}

/**
 * Fills in what is decided only at the time of sending: the preview of the text's first link, and the value of a die. Parts that need
 * neither are returned synchronously and unchanged.
 */
export function completeParts(
  deps: { random: Random; webPages: WebPages },
  { senderId, parts }: Pick<Outgoing, 'senderId' | 'parts'>,
): OutgoingPart[] | Promise<OutgoingPart[]> {
  if (!parts.some((part) => isOpen(deps.webPages, part))) return parts;
  return Promise.all(parts.map(async (part) => (isOpen(deps.webPages, part) ? completePart(deps, senderId, part) : part)));
}

function isOpen(webPages: WebPages, { extra: { media, entities }, previewsLinks }: OutgoingPart): boolean {
  if (media === undefined) return previewsLinks === true && webPages.isOn && entities !== undefined && entities.length > 0;
  return (media._ === 'messageMediaDice' && media.value === 0) || (media._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending');
}

async function completePart({ random, webPages }: { random: Random; webPages: WebPages }, senderId: bigint, part: OutgoingPart): Promise<OutgoingPart> {
  const { extra, text } = part;
  if (extra.media?._ === 'messageMediaDice') return { ...part, extra: { ...extra, media: throwDice(random, extra.media) } };
  const awaited = findAwaited(extra.media);
  const url = awaited?.url ?? findFirstUrl(text, extra.entities);
  if (url === undefined) return part;
  const { media, pending } = await webPages.findPreview(senderId, url, awaited?.style ?? {});
  return { ...part, extra: { ...extra, media }, pending };
}
