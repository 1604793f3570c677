import type { WantedMedia } from '../files/input-file.ts';
import { type MediaKind, readMediaDetails } from '../files/media-details.ts';
import type { Params } from '../params/params.ts';

/** Parameters of a file besides the file itself, by the kind of file. `thumb` is the old name of `thumbnail`. */
export const FILE_PARAMS = {
  photo: ['has_spoiler'],
  video: ['duration', 'width', 'height', 'thumbnail', 'thumb', 'cover', 'start_timestamp', 'has_spoiler', 'supports_streaming'],
  animation: ['duration', 'width', 'height', 'thumbnail', 'thumb', 'has_spoiler'],
  audio: ['duration', 'performer', 'title', 'thumbnail', 'thumb'],
  document: ['thumbnail', 'thumb', 'disable_content_type_detection'],
  voice: ['duration'],
  video_note: ['duration', 'length', 'thumbnail', 'thumb'],
  sticker: ['emoji'],
} as const satisfies Record<MediaKind, readonly string[]>;

/** Reads the file of a parameter and what the client says about it. @param field the parameter with the file */
export function readWanted(params: Params, kind: MediaKind, field: string = kind): WantedMedia {
  return { kind, file: params.file(field), details: readMediaDetails(params) };
}
