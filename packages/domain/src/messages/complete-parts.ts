import type { Random } from '@aerogram/runtime';

import type { Polls } from '../polls/index.ts';
import { findFirstUrl, type WebPages } from '../web-pages/index.ts';
import { workOf } from './prepare-media.ts';
import type { Outgoing, OutgoingPart } from './outgoing.ts';

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
  return workOf(media).waits(media);
}

async function completePart(deps: CompletingDeps, senderId: bigint, part: OutgoingPart): Promise<OutgoingPart> {
  const { extra, text } = part;
  const url = extra.media === undefined ? findFirstUrl(text, extra.entities) : undefined;
  if (extra.media === undefined && url === undefined) return part;
  const { media, pending } = extra.media === undefined ? await deps.webPages.findPreview(senderId, url!, {}) : await workOf(extra.media).start(extra.media, { ...deps, senderId });
  return { ...part, extra: { ...extra, media }, pending };
}
