import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { moveLiveLocation } from './live-location.ts';

/** What an edit puts in place of a message's media. */
export type MediaEdit = tl.messageMediaWebPage | tl.inputMediaGeoLive;

/** Only a text and its preview are changed by changing the text; what is shown alone has no words of its own. */
const WORDLESS = new Set<tl.MessageMedia['_']>(['messageMediaContact', 'messageMediaGeo', 'messageMediaGeoLive', 'messageMediaVenue', 'messageMediaDice']);

/** Whether a message shows a text, with or without the preview of a link. */
function isText(media: tl.MessageMedia | undefined): boolean {
  return media === undefined || media._ === 'messageMediaEmpty' || media._ === 'messageMediaWebPage';
}

/**
 * The media of a message after an edit. Pure but for the new place's access hash.
 * @param media what the message has
 * @param edit what the client puts there, where it does
 * @param preview the one that the message will have; undefined when neither its text nor its preview are changed
 * @throws RpcError MEDIA_PREV_INVALID, and as {@link moveLiveLocation}
 */
export function editMedia(
  random: Random,
  media: tl.MessageMedia | undefined,
  edit: MediaEdit | undefined,
  preview: { media?: tl.messageMediaWebPage | undefined } | undefined,
  dates: { sentDate: number; nowDate: number },
): tl.MessageMedia | undefined {
  if (edit?._ === 'inputMediaGeoLive') {
    if (media?._ !== 'messageMediaGeoLive') throw rpcError('MEDIA_PREV_INVALID');
    return moveLiveLocation(random, media, edit, dates);
  }
  if (preview === undefined) return media;
  if (isText(media)) return keepShown(media, preview.media);
  if (edit !== undefined || (media !== undefined && WORDLESS.has(media._))) throw rpcError('MEDIA_PREV_INVALID');
  return media;
}

/** A page that is shown already stays as it is, though it may have been read anew since: nothing was edited about it. */
function keepShown(shown: tl.MessageMedia | undefined, wanted: tl.messageMediaWebPage | undefined): tl.MessageMedia | undefined {
  if (shown?._ !== 'messageMediaWebPage' || wanted === undefined) return wanted;
  const isSame = urlOf(shown.webpage) === urlOf(wanted.webpage);
  return isSame ? { ...wanted, webpage: shown.webpage } : wanted;
}

function urlOf(page: tl.WebPage): string | undefined {
  return page._ === 'webPageNotModified' ? undefined : page.url;
}
