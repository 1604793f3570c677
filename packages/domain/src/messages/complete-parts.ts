import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { throwDice } from '../collections/index.ts';
import { type Polls, waitsForStart } from '../polls/index.ts';
import { findFirstUrl, type PreviewStyle, type WebPages } from '../web-pages/index.ts';
import type { Outgoing, OutgoingPart } from './outgoing.ts';

/** The URL and display options of a link preview whose page has not been fetched yet; undefined for other media. */
export function findAwaited(media: tl.MessageMedia | undefined): { url: string; style: PreviewStyle } | undefined {
  if (media?._ !== 'messageMediaWebPage' || media.webpage._ !== 'webPagePending') return undefined;
  const { _, webpage, ...style } = media;
  return { url: webpage.url ?? '', style };
}

/** What {@link completeParts} needs. */
interface CompletingDeps {
  random: Random;
  webPages: WebPages;
  polls: Pick<Polls, 'doStart'>;
}

/**
 * Fills in what is decided only at the time of sending: the preview of the text's first link, the value of a die, and when a poll closes that is open for a period. Parts that need
 * neither are returned synchronously and unchanged.
 */
export function completeParts(
  deps: CompletingDeps,
  { senderId, parts }: Pick<Outgoing, 'senderId' | 'parts'>,
): OutgoingPart[] | Promise<OutgoingPart[]> {
  if (!parts.some((part) => isOpen(deps.webPages, part))) return parts;
  return Promise.all(parts.map(async (part) => (isOpen(deps.webPages, part) ? completePart(deps, senderId, part) : part)));
}

function isOpen(webPages: WebPages, { extra: { media, entities }, previewsLinks }: OutgoingPart): boolean {
  if (media === undefined) return previewsLinks === true && webPages.isOn && entities !== undefined && entities.length > 0;
  return waitsForStart(media) || (media._ === 'messageMediaDice' && media.value === 0) || (media._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending');
}

async function completePart({ random, webPages, polls }: CompletingDeps, senderId: bigint, part: OutgoingPart): Promise<OutgoingPart> {
  const { extra, text } = part;
  if (extra.media?._ === 'messageMediaDice') return { ...part, extra: { ...extra, media: throwDice(random, extra.media) } };
  if (waitsForStart(extra.media)) return { ...part, extra: { ...extra, media: await polls.doStart(extra.media) } };
  const awaited = findAwaited(extra.media);
  const url = awaited?.url ?? findFirstUrl(text, extra.entities);
  if (url === undefined) return part;
  const { media, pending } = await webPages.findPreview(senderId, url, awaited?.style ?? {});
  return { ...part, extra: { ...extra, media }, pending };
}
