import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import type { FileParam, Params } from '../params/params.ts';

/** What a file is sent as. */
export type MediaKind = 'photo' | 'video' | 'animation' | 'audio' | 'document' | 'voice' | 'video_note' | 'sticker';

/** Parameters of a file besides the file itself, of all kinds. `thumb` is the old name of `thumbnail`. */
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

/** A file that a bot sends. */
export interface WantedMedia {
  kind: MediaKind;
  file: FileParam | undefined;
}

/** Reads the file of a parameter and what the client says about it. @param field the parameter with the file */
export function readWanted(params: Params, kind: MediaKind, field: string = kind): WantedMedia {
  return { kind, file: params.file(field) };
}

export async function prepareMedia(_call: BotCall, { kind, file }: WantedMedia): Promise<tl.InputMedia> {
  if (file === undefined) throw badRequest(`there is no ${kind.replace('_', ' ')} in the request`);
  throw badRequest('not connected');
}
export async function prepareAlbumMedia(call: BotCall, wanted: WantedMedia, _peer: tl.InputPeer): Promise<tl.InputMedia> {
  return prepareMedia(call, wanted);
}
export async function keepSentFile(_call: BotCall, _media: tl.InputMedia, _sent: tl.MessageMedia | undefined): Promise<void> {}
