import type { MediaType, ProbedType } from './media-type.ts';
import type { MadePhoto, Sides } from './protocol.ts';

/** What a file with audio or video says about itself. */
export interface MediaFacts {
  type: MediaType | ProbedType;
  /** Absent if there is no picture. Pixels, as it is shown: turned, and with square pixels. */
  video: { width: number; height: number } | undefined;
  /** Of the picture, as mediabunny calls it; absent if there is none, or it is unknown. */
  codec: string | undefined;
  /** Of the sound, as mediabunny calls it; absent if there is none, it is unknown, or ffprobe has read the file. */
  soundCodec: string | undefined;
  hasSound: boolean;
  /** Seconds; absent if it would take reading too much of the file to know. */
  durationS: number | undefined;
  /** Whether its index comes before its data, so that it can be played while it is loaded. */
  isStreamable: boolean;
  /** At most {@link TAG_MAX} UTF-16 units; the rest of what the file says is cut off. */
  title: string | undefined;
  /** As the title. */
  performer: string | undefined;
}

/** An audio or video file to read. */
export interface MediaTask {
  /** Bytes. */
  size: number;
  wants: MediaWants;
}

/** What is to be made of a file besides reading its facts. */
export interface MediaWants {
  /** A picture for a thumbnail: the first frame of a video, or the cover of music. */
  picture: boolean;
  waveform: boolean;
  /** The video of an animated GIF file. */
  animation: boolean;
}

/** What was read from a file, and made of it. */
export interface MediaDescription {
  facts: MediaFacts;
  /** Absent if it was not wanted, or cannot be made. */
  picture: MadePhoto | undefined;
  /** 63 bytes; absent if it was not wanted, or cannot be made. */
  waveform: Uint8Array | undefined;
  /** The MP4 file that was made of a GIF file, to which the facts belong; absent for other files. */
  animation?: Uint8Array;
}

/** A GIF file of which no video was made, with a picture if one was wanted and could be made. */
export interface GifPicture {
  source: Sides;
  picture: MadePhoto | undefined;
}

/** What became of a file. `picture`: it is a GIF file of which no video was made. `unavailable`: this machine cannot read such files. */
export type MediaResult = ({ outcome: 'read' } & MediaDescription) | ({ outcome: 'picture' } & GifPicture) | { outcome: 'unreadable' | 'unavailable' };

/** The longest title or performer that is taken from a file, in UTF-16 units. A file may have one of many megabytes. */
export const TAG_MAX = 300;
