import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { keepCompletions } from '../checklists/index.ts';
import { type FileMedia, hasCaption, isText } from '../content/index.ts';
import type { Polls } from '../polls/index.ts';
import { fitsAlbum } from './album.ts';
import { moveLiveLocation } from './live-location.ts';

/** The media that an edit puts in place of a message's media. */
export type MediaEdit = tl.messageMediaWebPage | FileMedia | tl.inputMediaGeoLive | PollEnd | tl.messageMediaToDo;

/** Closes the poll of a message. */
export interface PollEnd {
  _: 'pollEnd';
}

/** What an edit of a kind does. */
interface EditKind<E> {
  /** Whether it changes what the media show without being an edit of the text: clients do not show such a message as "edited", and it may come at any time. */
  isState: boolean;
  /** Whether the media need a right of their own in groups. */
  needsRight: boolean;
  /** The media after the edit. Undefined for link previews, which belong to the text. Throws as {@link editMedia}. */
  apply?(edit: E, media: tl.MessageMedia | undefined, change: Pick<MediaChange, 'isGrouped'> & EditTime): tl.MessageMedia;
  /** What else the transaction of the edit does. @param media after the edit */
  finish?(tx: Tx, media: tl.MessageMedia, finishing: Finishing): Promise<void>;
}

/** When a message was sent and is edited, in unix seconds, and randomness for a new geo point. */
interface EditTime {
  random: Random;
  sentDate: number;
  nowDate: number;
}

/** Who edits a message. */
interface Finishing {
  polls: Pick<Polls, 'closeIn'>;
  actorId: bigint;
  /** See `Polls.closeIn`. */
  placeId?: bigint | undefined;
}

const file: EditKind<FileMedia> = {
  isState: false,
  needsRight: true,
  apply(edit, media, { isGrouped }) {
    if (!isText(media) && !hasCaption(media)) throw rpcError('MEDIA_PREV_INVALID');
    if (isGrouped && !fitsAlbum(media, edit)) throw rpcError('MEDIA_GROUPED_INVALID');
    return edit;
  },
};

/** What each edit does. */
const EDITS: { readonly [Name in MediaEdit['_']]: EditKind<Extract<MediaEdit, { _: Name }>> } = {
  messageMediaWebPage: { isState: false, needsRight: false },
  messageMediaPhoto: file,
  messageMediaDocument: file,
  inputMediaGeoLive: {
    isState: true,
    needsRight: false,
    apply(edit, media, { random, ...dates }) {
      if (media?._ !== 'messageMediaGeoLive') throw rpcError('MEDIA_PREV_INVALID');
      return moveLiveLocation(random, media, edit, dates);
    },
  },
  pollEnd: {
    isState: true,
    needsRight: false,
    apply(_, media) {
      if (media?._ !== 'messageMediaPoll') throw rpcError('MEDIA_PREV_INVALID');
      return { ...media, poll: { ...media.poll, closed: true } };
    },
    async finish(tx, media, { polls, ...actor }) {
      if (media._ === 'messageMediaPoll') await polls.closeIn(tx, media, actor);
    },
  },
  messageMediaToDo: {
    isState: false,
    needsRight: true,
    apply(edit, media) {
      if (media?._ !== 'messageMediaToDo') throw rpcError('MEDIA_PREV_INVALID');
      return keepCompletions(edit, media);
    },
  },
};

const editKindOf = (edit: MediaEdit): EditKind<MediaEdit> => EDITS[edit._];

/** Whether an edit changes what the media show without being one of the text; see {@link EditKind.isState}. Pure. */
export function isStateEdit(edit: MediaEdit | undefined): edit is tl.inputMediaGeoLive | PollEnd {
  return edit !== undefined && editKindOf(edit).isState;
}

/** Whether an edit puts a file in the place of a message's media. Pure. */
export function isFileMedia(edit: MediaEdit | undefined): edit is FileMedia {
  return edit !== undefined && !isStateEdit(edit) && hasCaption(edit);
}

/** Whether the media of an edit need a right of their own in groups. Pure. */
export function needsRight(edit: MediaEdit | undefined): edit is FileMedia | tl.messageMediaToDo {
  return edit !== undefined && editKindOf(edit).needsRight;
}

/** Does in the transaction of an edit what belongs to it besides the message: an edit that ends a poll closes it. @param media after the edit */
export async function finishEdit(tx: Tx, edit: MediaEdit | undefined, media: tl.MessageMedia | undefined, finishing: Finishing): Promise<void> {
  if (edit !== undefined && media !== undefined) await editKindOf(edit).finish?.(tx, media, finishing);
}

/** How an edit changes the media of a message. */
export interface MediaChange {
  /** The media in the request, if any. */
  edit: MediaEdit | undefined;
  /** The link preview after the edit; undefined when the edit changes neither the text nor the preview. */
  preview: { media?: tl.messageMediaWebPage | undefined } | undefined;
  /** Whether the message belongs to an album. */
  isGrouped: boolean;
}

/**
 * The media of a message after an edit. Pure, except for the random access hash of a new geo point.
 * @param media the message's present media
 * @param dates unix seconds
 * @throws RpcError MEDIA_PREV_INVALID, MEDIA_GROUPED_INVALID (media of another kind in an album), and the errors of {@link moveLiveLocation}
 */
export function editMedia(
  random: Random,
  media: tl.MessageMedia | undefined,
  { edit, preview, isGrouped }: MediaChange,
  dates: { sentDate: number; nowDate: number },
): tl.MessageMedia | undefined {
  const apply = edit && editKindOf(edit).apply;
  if (edit !== undefined && apply !== undefined) return apply(edit, media, { isGrouped, random, ...dates });
  if (preview === undefined) return media;
  if (isText(media)) return keepShown(media, preview.media);
  if (edit !== undefined || !hasCaption(media)) throw rpcError('MEDIA_PREV_INVALID');
  return media;
}

/**
 * Keeps the page already shown if the new preview has the same URL. The page may have been fetched again since, but that is not an edit.
 */
function keepShown(shown: tl.MessageMedia | undefined, wanted: tl.messageMediaWebPage | undefined): tl.MessageMedia | undefined {
  if (shown?._ !== 'messageMediaWebPage' || wanted === undefined) return wanted;
  const isSame = urlOf(shown.webpage) === urlOf(wanted.webpage);
  return isSame ? { ...wanted, webpage: shown.webpage } : wanted;
}

function urlOf(page: tl.WebPage): string | undefined {
  return page._ === 'webPageNotModified' ? undefined : page.url;
}
