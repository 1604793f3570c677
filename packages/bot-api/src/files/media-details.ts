import type { FileParam, Params, UploadedFile } from '../params/params.ts';

/** As what a bot sends a file. */
export type MediaKind = 'photo' | 'video' | 'animation' | 'document' | 'audio' | 'voice' | 'video_note' | 'sticker';

/** The parameters that say something about a file, in methods and in the objects of albums. `thumb` is what `thumbnail` was called before. */
export const MEDIA_PARAMS = [
  'duration', 'width', 'height', 'length', 'performer', 'title', 'emoji', 'supports_streaming', 'has_spoiler', 'disable_content_type_detection', 'thumbnail', 'thumb', 'cover', 'start_timestamp',
] as const;

/** A parameter that says something about a file. */
export type MediaParam = (typeof MEDIA_PARAMS)[number];

/** What a bot says about a file that it sends. Which of it counts depends on the kind of the file. */
export interface MediaDetails {
  /** Seconds; 0 if unknown. */
  duration: number;
  /** Pixels; 0 if unknown. */
  width: number;
  height: number;
  /** Both sides of a round video, in pixels; 0 if unknown. */
  length: number;
  performer: string;
  title: string;
  /** Of a sticker; '' if none is said. */
  emoji: string;
  supportsStreaming: boolean;
  hasSpoiler: boolean;
  /** Whether a document stays a plain file, whatever is in it. */
  isPlainFile: boolean;
  /** Only an upload can be one: those of other files cannot be used again. */
  thumbnail: UploadedFile | undefined;
  /** The picture in the place of a video until it plays. */
  cover: FileParam | undefined;
  /** Where a video begins to play, in seconds. */
  startTimestamp: number;
}

/** The longest duration that can be said, in seconds. */
const DURATION_MAX = 86_400;
/** The longest side that can be said, in pixels. */
const SIDE_MAX = 10_000;
/** How much of a text counts, in UTF-16 units. The server cuts it further. */
const TEXT_MAX = 1024;

/** Reads what a bot says about a file. Values out of range become the nearest ones in range. */
export function readMediaDetails(params: Params<MediaParam>): MediaDetails {
  const number = (name: MediaParam, most: number): number => Math.min(most, Math.max(0, params.int(name)));
  const text = (name: MediaParam): string => params.text(name).slice(0, TEXT_MAX);
  const thumbnail = params.file('thumbnail') ?? params.file('thumb');
  return {
    duration: number('duration', DURATION_MAX),
    width: number('width', SIDE_MAX),
    height: number('height', SIDE_MAX),
    length: number('length', SIDE_MAX),
    performer: text('performer'),
    title: text('title'),
    emoji: text('emoji'),
    supportsStreaming: params.bool('supports_streaming'),
    hasSpoiler: params.bool('has_spoiler'),
    isPlainFile: params.bool('disable_content_type_detection'),
    thumbnail: thumbnail?.kind === 'upload' ? thumbnail.upload : undefined,
    cover: params.file('cover'),
    startTimestamp: number('start_timestamp', DURATION_MAX),
  };
}
