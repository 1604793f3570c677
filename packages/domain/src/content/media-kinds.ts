import type { tl } from '@aerogram/tl';

import type { MEDIA_PEERS } from '../peers/index.ts';
import { contact } from './contact.ts';
import { dice } from './dice.ts';
import { document } from './document.ts';
import { geo } from './geo.ts';
import { geoLive } from './geo-live.ts';
import type { ContentFile, FileFill, MediaKind } from './media-kind.ts';
import { empty, NOT_BUILT } from './no-media.ts';
import { photo } from './photo.ts';
import { poll } from './poll.ts';
import { toDo } from './to-do.ts';
import { venue } from './venue.ts';
import { webPage } from './web-page.ts';

/**
 * Every kind of media of the schema. A kind that is added takes the place of `NOT_BUILT` here, and gets an entry in `peers/content-peers.ts`;
 * `BuiltMedia` follows from it, and with it every table of other packages that must say something about the kind.
 */
const MEDIA_KINDS = {
  messageMediaEmpty: empty,
  messageMediaWebPage: webPage,
  messageMediaPhoto: photo,
  messageMediaDocument: document,
  messageMediaGeo: geo,
  messageMediaGeoLive: geoLive,
  messageMediaVenue: venue,
  messageMediaContact: contact,
  messageMediaDice: dice,
  messageMediaPoll: poll,
  messageMediaToDo: toDo,
  messageMediaGame: NOT_BUILT,
  messageMediaGiveaway: NOT_BUILT,
  messageMediaGiveawayResults: NOT_BUILT,
  messageMediaInvoice: NOT_BUILT,
  messageMediaPaidMedia: NOT_BUILT,
  messageMediaStory: NOT_BUILT,
  messageMediaUnsupported: NOT_BUILT,
  messageMediaVideoStream: NOT_BUILT,
} satisfies { [Name in tl.MessageMedia['_']]: Name extends keyof typeof MEDIA_PEERS ? MediaKind<Extract<tl.MessageMedia, { _: Name }>> : typeof NOT_BUILT };

/** The names of the kinds of media that messages of this server can have. Tables of what is done with media have an entry for each. */
export type BuiltMedia = { [Name in keyof typeof MEDIA_KINDS]: (typeof MEDIA_KINDS)[Name] extends { isNotBuilt: true } ? never : Name }[keyof typeof MEDIA_KINDS];

/** The facts of the kind of these media. Pure. */
export function mediaKindOf(media: tl.MessageMedia): MediaKind {
  return MEDIA_KINDS[media._];
}

/** Whether a message with these media is a text, with or without a link preview. Pure. */
export function isText(media: tl.MessageMedia | undefined): boolean {
  return media === undefined || mediaKindOf(media).text === 'text';
}

/** Media that show a file. Their text is a caption. */
export type FileMedia = tl.messageMediaDocument | tl.messageMediaPhoto;

/** Whether the text of a message with these media is a caption, which may be empty and is shorter than a text: so it is with media that show a file. Pure. */
export function hasCaption(media: tl.MessageMedia | undefined): media is FileMedia {
  return media !== undefined && mediaKindOf(media).text === 'caption';
}

const NO_FILES: readonly ContentFile[] = [];

/** The photos and documents, also of link previews, that messages with these media keep. Pure. */
export function filesOf(media: tl.MessageMedia | undefined): readonly ContentFile[] {
  return media === undefined ? NO_FILES : (mediaKindOf(media).files?.list(media) ?? NO_FILES);
}

/** The media with what a viewer needs to load their files, also those of media inside of them. Pure. */
export function fillMedia<M extends tl.MessageMedia>(media: M, fill: FileFill): M {
  // The cast is safe: the kind of the media stays as it is.
  return (mediaKindOf(media).files?.fill(media, fill) ?? media) as M;
}

const NO_MEDIA: readonly tl.MessageMedia[] = [];

/** The media inside of others, such as those beside the answers of a poll. Pure. */
export function mediaInside(media: tl.MessageMedia): readonly tl.MessageMedia[] {
  return mediaKindOf(media).inside?.list(media) ?? NO_MEDIA;
}

/** The lifetime of the media of a message, in seconds; undefined for other media, also for those that are gone already. Pure. */
export function lifetimeOf(media: tl.MessageMedia | undefined): number | undefined {
  const lifetime = media && mediaKindOf(media).lifetime;
  return lifetime === undefined || lifetime.isGone(media!) ? undefined : lifetime.seconds(media!);
}

/** Whether media have or had a lifetime. Pure. */
export function isPassing(media: tl.MessageMedia | undefined): boolean {
  return media !== undefined && mediaKindOf(media).lifetime?.seconds(media) !== undefined;
}

/** What is left of media whose lifetime is over; undefined if they have none, or are gone already. Pure. */
export function endMedia(media: tl.MessageMedia | undefined): tl.MessageMedia | undefined {
  return lifetimeOf(media) === undefined ? undefined : mediaKindOf(media!).lifetime!.ended(media!);
}

/**
 * Whether clients mark a message with these media as played (voice, round video) or opened (media with a lifetime). Such a message has the flag
 * `mediaUnread` until the receiver plays it, and its author sees that, too. Pure.
 */
export function isPlayedMedia(media: tl.MessageMedia | undefined): boolean {
  return media !== undefined && (mediaKindOf(media).isPlayed(media) || lifetimeOf(media) !== undefined);
}

/** The media as another chat gets them. Pure. */
export function forwardMedia(media: tl.MessageMedia | undefined): tl.MessageMedia | undefined {
  return media && mediaKindOf(media).forwarded(media);
}

/** What of media goes to a person in another data centre; undefined for media that cannot be sent there. Pure. */
export function mediaElsewhere(media: tl.MessageMedia | undefined): tl.MessageMedia | undefined {
  return media && mediaKindOf(media).elsewhere(media);
}
