import type { tl } from '@mtcute/core';
import { type Media, VIEW_ONCE } from '../../protocol/index.ts';
import { ATTACHED, readBy, type ReadMedia, readPhoto, type ReadTable, UNSUPPORTED } from './attached.ts';
import { readChecklist } from './checklist.ts';
import { mergePolls, readPoll } from './poll.ts';

/** What is left of media after they were opened: nothing but their kind, if they can be seen once. Pure. @returns undefined if they stay */
export function mediaOnceOpened(media: Media | undefined): Media | undefined {
  if (media === undefined || !('ttl' in media) || media.ttl !== VIEW_ONCE) return undefined;
  if (media.kind === 'photo') return { kind: 'expired', was: 'photo' };
  const { role } = media;
  return { kind: 'expired', was: role === 'voice' ? 'voice' : role === 'video' || role === 'round' ? 'video' : 'file' };
}

const nothing = (): undefined => undefined;
const unsupported = (): ReadMedia => UNSUPPORTED;

/** How media of each kind are read. */
const READ: ReadTable<tl.TypeMessageMedia['_']> = {
  ...ATTACHED,
  messageMediaEmpty: nothing,
  messageMediaWebPage: ({ webpage }) => readPage(webpage),
  messageMediaContact: ({ firstName, lastName, phoneNumber: phone, userId }) =>
    ({ media: { kind: 'contact', name: `${firstName} ${lastName}`.trim(), phone, user: userId === 0 ? undefined : userId }, locations: {} }),
  messageMediaDice: ({ emoticon: emoji, value }) => ({ media: { kind: 'dice', emoji, value }, locations: {} }),
  messageMediaToDo: (media) => ({ media: { kind: 'checklist', list: readChecklist(media) }, locations: {} }),
  messageMediaPoll: readPollMedia,
  messageMediaGame: unsupported,
  messageMediaGiveaway: unsupported,
  messageMediaGiveawayResults: unsupported,
  messageMediaInvoice: unsupported,
  messageMediaPaidMedia: unsupported,
  messageMediaStory: unsupported,
  messageMediaUnsupported: unsupported,
  messageMediaVideoStream: unsupported,
};

/** Reads the media of a message. Pure. @returns undefined if there is none */
export function readMedia(media: tl.TypeMessageMedia | undefined): ReadMedia | undefined {
  return readBy(READ, media);
}

/** What is known of the media of a message, and of where its files are, after they were told anew: what everybody gets alike does not say what this account may know. Pure. */
export function mergeMedia(known: Partial<ReadMedia> | undefined, fresh: Partial<ReadMedia>): Partial<ReadMedia> {
  const { media, locations } = fresh;
  if (known?.media?.kind !== 'poll' || media?.kind !== 'poll') return { media, locations };
  return { media: { kind: 'poll', poll: mergePolls(known.media.poll, media.poll) }, locations: { ...known.locations, ...locations } };
}

function readPollMedia(media: tl.RawMessageMediaPoll): ReadMedia {
  const { poll, locations } = readPoll(media);
  return { media: { kind: 'poll', poll }, locations };
}

function readPage(page: tl.TypeWebPage): ReadMedia | undefined {
  if (page._ !== 'webPage') return undefined;
  const picture = readPhoto(page.photo);
  const { url, siteName, title, description } = page;
  return { media: { kind: 'page', url, siteName, title, description, photo: picture?.photo }, locations: picture?.locations ?? {} };
}

/** The id of the preview of a link that the server is still making. Pure. */
export function awaitedPage(media: tl.TypeMessageMedia | undefined): string | undefined {
  return media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending' ? media.webpage.id.toString() : undefined;
}
