import type { PhotoRefusal, PhotoUse } from '@aerogram/media';
import { type Clock, ExpiringMap } from '@aerogram/runtime';

/** Of how many pictures this process remembers what became of them. */
const OUTCOMES_MAX = 10_000;
/** How long an outcome is remembered, in seconds. Not for ever, because a good picture may have been in a process that crashed for another reason. */
const OUTCOME_S = 600;

/** What is made of an upload: a photo, the thumbnail of a document, the video of a profile, another file that is sent in its place, or a wallpaper. */
export type PhotoRole = Exclude<PhotoUse, 'bot' | 'sticker' | 'set'> | 'video' | 'converted' | 'wallpaper';

/** An uploaded picture, and what was to be made of it. */
export interface PictureKey {
  /** Who has uploaded it. Nobody learns from the time of an answer which pictures others have. */
  userId: bigint;
  /** Of the upload. */
  identity: Uint8Array;
  role: PhotoRole;
}

/** What became of a picture or video: it was refused, or all sizes together have so many bytes. Of a wallpaper: the document that was made. */
export type PhotoOutcome = { refusal: PhotoRefusal | 'video' } | { size: number; documentId?: bigint };

/** What became of pictures a short time ago, so that a call that is refused and repeated does not process its picture again. */
export interface PhotoOutcomes {
  find(key: PictureKey): PhotoOutcome | undefined;
  note(key: PictureKey, outcome: PhotoOutcome): void;
}

/** Creates the memory. */
export function createPhotoOutcomes(clock: Pick<Clock, 'now'>): PhotoOutcomes {
  const outcomes = new ExpiringMap<string, PhotoOutcome>({ most: OUTCOMES_MAX, ageS: OUTCOME_S }, clock);
  const nameOf = ({ userId, identity, role }: PictureKey): string => `${userId} ${Buffer.from(identity).toString('base64')} ${role}`;
  return {
    find: (key) => outcomes.get(nameOf(key)),
    note: (key, outcome) => outcomes.set(nameOf(key), outcome),
  };
}
