import type { ErrorName } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** The right that content needs in a group or channel. The names are those of the actions in `chats/rights.ts`. */
export type ContentRight =
  | 'send_plain'
  | 'send_photos'
  | 'send_videos'
  | 'send_roundvideos'
  | 'send_audios'
  | 'send_voices'
  | 'send_docs'
  | 'send_stickers'
  | 'send_gifs'
  | 'send_polls';

/** What search filters ask for. The names are stored in search terms, so a name must never change meaning. */
export type ContentFilter =
  | 'url'
  | 'photo'
  | 'video'
  | 'document'
  | 'gif'
  | 'voice'
  | 'round'
  | 'music'
  | 'geo'
  | 'live_geo'
  | 'contact'
  | 'poll'
  | 'call'
  | 'missed_call'
  | 'chat_photo';

/** What an album can consist of: photos and videos together, or music, or other files. */
export type AlbumKind = 'visual' | 'music' | 'files';

/** A file that a message shows. */
export type ContentFile = tl.photo | tl.document;

/** Adds to files what a viewer needs to load them. */
export interface FileFill {
  photo(photo: tl.photo): tl.photo;
  document(document: tl.document): tl.document;
  wallpaper(wallpaper: tl.WallPaper): tl.WallPaper;
  /** The same for media that stand inside of others, such as beside the answers of a poll: `fillMedia` with this. */
  media(media: tl.MessageMedia): tl.MessageMedia;
}

/** The files that an object shows. */
export interface Files<T> {
  /** Lists the files that messages with the object keep. */
  list(object: T): readonly ContentFile[];
  /** The object with what a viewer needs to load each of its files, also those that something else keeps. */
  fill(object: T, fill: FileFill): T;
}

/** What other media a kind of media holds. Their files stay as long as that which {@link Inside.keeper} names, such as a poll, whatever messages refer to it. */
export interface Inside<M> {
  list(media: M): readonly tl.MessageMedia[];
  /** The id of what keeps the files of these media. Messages refer to it in their place. */
  keeper(media: M): bigint;
}

/** Media that can go some time after they were opened. */
export interface Lifetime<M> {
  /** The lifetime in seconds, also of media that are gone; undefined if they stay. */
  seconds(media: M): number | undefined;
  isGone(media: M): boolean;
  /** What is left when the lifetime is over: what kind they were. */
  ended(media: M): M;
}

/** What a text beside media is: the message itself, a caption of the media, or nothing that an edit of the text could change. */
export type TextBeside = 'text' | 'caption' | 'none';

/** All that is asked of a kind of media. Pure. */
export interface MediaKind<M extends tl.MessageMedia = tl.MessageMedia> {
  /** How notices name such a message that has no text. */
  label(media: M): string;
  /** The right that it needs in a group or channel. */
  right(media: M): ContentRight;
  /** The search filters that find it. */
  filters(media: M): readonly ContentFilter[];
  /** The words by which a search finds it, besides the text of the message. */
  words(media: M): readonly string[];
  readonly text: TextBeside;
  /** The albums into which it fits; undefined for none. */
  album(media: M): AlbumKind | undefined;
  /** Undefined for kinds that never show a file. */
  readonly files: Files<M> | undefined;
  /** Undefined for kinds without media inside. */
  readonly inside: Inside<M> | undefined;
  /** Undefined for kinds that always stay. */
  readonly lifetime: Lifetime<M> | undefined;
  /** Whether clients mark the message as played. */
  isPlayed(media: M): boolean;
  /** What another chat gets by a forward, a copy or a reply. */
  forwarded(media: M): tl.MessageMedia;
  /** What of it goes to a person in another data centre; undefined if it cannot be sent there. */
  elsewhere(media: M): M | undefined;
  /** Why a broadcast channel may not have it; undefined if it may. */
  broadcastError(media: M, isForward: boolean): ErrorName | undefined;
}

/** A fact that is the same for all media of a kind. */
export const always = <T>(value: T) => (): T => value;

const NONE: readonly never[] = [];

/** For kinds without search filters or words. */
export const none = (): readonly never[] => NONE;

/** For kinds that another chat gets as they are. */
export const asItIs = <M>(media: M): M => media;
