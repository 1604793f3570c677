/** The sizes of a photo, smallest first: type letters and the boxes in pixels that they fit into (core.telegram.org/api/files#image-thumbnail-types). */
export const PHOTO_BOXES = [
  { type: 's', box: 100 },
  { type: 'm', box: 320 },
  { type: 'x', box: 800 },
  { type: 'y', box: 1280 },
  { type: 'w', box: 2560 },
] as const;

/** The sizes of a photo of a user or chat, which is cut to a square: type letters and their sides in pixels. */
export const PROFILE_BOXES = [
  { type: 'a', box: 160 },
  { type: 'b', box: 320 },
  { type: 'c', box: 640 },
] as const;

/**
 * What is made of a picture. `message`: a photo. `bot`: a photo that a bot sends, which has no size beyond 1280 pixels. `profile`: the photo of a user or chat. `thumb`: the thumbnail of a
 * document. `sticker`: a WebP picture as stickers are, with its thumbnail; a picture that is a WebP file stays as it is. `set`: the same for a sticker set, without what else is in the file.
 */
export type PhotoUse = 'message' | 'bot' | 'profile' | 'thumb' | 'sticker' | 'set';

/** The longest file that is taken for a photo, in bytes. Clients send longer ones as documents. */
export const PHOTO_BYTES_MAX = 10 * 1024 * 1024;
/** The largest sum of width and height of a photo, in pixels. */
export const PHOTO_SIDES_MAX = 10_000;
/** The longer side of a photo may be this many times as long as the shorter one. */
export const PHOTO_RATIO_MAX = 20;

/** One size of a photo: a JPEG, or a WebP picture if it is the thumbnail of a sticker. */
export interface MadeSize {
  type: string;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  bytes: Uint8Array;
  /**
   * For a progressive JPEG: lengths of the prefixes that already show a coarse picture, in ascending order; the last one is the length of the file.
   * Empty for others.
   */
  prefixes: number[];
}

/** What was made of an uploaded picture. */
export interface MadePhoto {
  sizes: MadeSize[];
  /** The preview of at most 40 × 40 pixels that stands in `photoStrippedSize`. Empty for a sticker: a JPEG would show what is transparent as white. */
  stripped: Uint8Array;
}

/** A picture that was made a sticker. */
export interface MadeSticker {
  /** A WebP file. */
  bytes: Uint8Array;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
}

/**
 * Why a picture was refused. `type`: it is no JPEG, PNG or WebP. `dimensions`: its sides together are too long, or it is too long for its width. `small`: its shorter
 * side is too short for a profile. `unreadable`: it is damaged, or could not be processed within the limits.
 */
export type PhotoRefusal = 'type' | 'dimensions' | 'small' | 'unreadable';

/** What became of a picture, with the sides that it had, as it is shown. `sticker` is there if one was made. */
export type PhotoResult = { outcome: 'made'; photo: MadePhoto; source: Sides; sticker?: MadeSticker } | { outcome: 'refused'; reason: PhotoRefusal };

/** What is drawn behind an emoji or sticker that becomes the photo of a profile. */
export interface Backdrop {
  /** One to four, as numbers of three bytes. */
  colours: readonly number[];
  /** Whether the emoji is drawn in white, because it has no colour of its own. */
  isWhite: boolean;
}

/** A photo to make. */
export interface PhotoTask {
  bytes: Uint8Array;
  use: PhotoUse;
  /** Only for a profile. */
  backdrop?: Backdrop | undefined;
}

/** The width and height of a picture, in pixels. */
export interface Sides {
  width: number;
  height: number;
}

/** A file to look into, compressed with gzip: the SVG file of a pattern, an animated sticker, or one for a sticker set, of which more is demanded. */
export interface ShapeTask {
  shapeOf: 'pattern' | 'animation' | 'set_animation';
  bytes: Uint8Array;
}

/** What became of it: the pattern draws shapes and does nothing else, and the animation can be read; or it is refused. */
export type ShapeResult = { outcome: 'allowed'; shape: Sides } | { outcome: 'refused'; reason: 'unreadable' };

/** Nothing is known about a file, because too many wait, the machine has no time for it, or its account has used up its CPU time. It can be tried again. */
export interface Busy {
  outcome: 'busy';
  /** After so many seconds. */
  waitS: number;
}

/** Too many files wait, or the machine has no time. */
export const BUSY: Busy = { outcome: 'busy', waitS: 5 };

/** A message to a process that works on files: a task, or the bytes that it has asked for. Without bytes, it has asked for too many. */
export type WorkerRequest<Task> = { kind: 'task'; id: number; task: Task } | { kind: 'bytes'; call: number; bytes?: Uint8Array };

/** A message from it: first whether it works at all, then one result for each task. Before the result it may ask for bytes of the file, from `from` to before `to`. */
export type WorkerReply<Result> =
  | { kind: 'ready'; version: string }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'read'; id: number; call: number; from: number; to: number }
  | { kind: 'result'; id: number; result: Result };
