import type { tl } from '@aerogram/tl';

import type { UploadedFile } from '../params/params.ts';
import type { MediaDetails, MediaKind } from './media-details.ts';
import { typeOfName } from './mime-types.ts';

const ANY_BYTES = 'application/octet-stream';

/** The type of an upload if neither its name nor its client says one. */
const USUAL_TYPES: Readonly<Record<Exclude<MediaKind, 'photo'>, string>> = {
  video: 'video/mp4', animation: 'video/mp4', document: ANY_BYTES, audio: 'audio/mpeg', voice: 'audio/ogg', video_note: 'video/mp4', sticker: 'image/webp',
};

/** What a sticker may have at most; the server replaces it by what the file has. */
const STICKER_SIDE = 512;

/** What sends a file that came with the request. Pure. @param videoCover the picture in the place of a video until it plays */
export function mediaOfUpload(kind: MediaKind, upload: UploadedFile, details: MediaDetails, videoCover: tl.InputPhoto | undefined): tl.inputMediaUploadedPhoto | tl.inputMediaUploadedDocument {
  const { file } = upload;
  const spoiler = details.hasSpoiler || undefined;
  if (kind === 'photo') return { _: 'inputMediaUploadedPhoto', file, spoiler };
  const mimeType = typeOf(kind, upload);
  return {
    _: 'inputMediaUploadedDocument',
    file,
    mime_type: mimeType,
    attributes: [...nameOf(upload), ...attributesOf(kind, mimeType, details)],
    thumb: details.thumbnail?.file,
    // A video without sound that is sent as a video does not become an animation.
    nosound_video: kind === 'video' || undefined,
    force_file: (kind === 'document' && details.isPlainFile) || undefined,
    spoiler: kind === 'video' || kind === 'animation' ? spoiler : undefined,
    ...(kind === 'video' ? { video_cover: videoCover, video_timestamp: details.startTimestamp || undefined } : {}),
  };
}

/** As with the official server, the name of a file says more about its type than the client's library, which often says the same of all files. */
function typeOf(kind: Exclude<MediaKind, 'photo'>, { name, mimeType }: UploadedFile): string {
  const claimed = mimeType === '' || mimeType === ANY_BYTES ? undefined : mimeType;
  return typeOfName(name) ?? claimed ?? USUAL_TYPES[kind];
}

/** The name stays with whatever the server sees in the file. It takes it from voice messages and the like. */
function nameOf({ name }: UploadedFile): tl.DocumentAttribute[] {
  return name === '' ? [] : [{ _: 'documentAttributeFilename', file_name: name }];
}

function attributesOf(kind: MediaKind, mimeType: string, details: MediaDetails): tl.DocumentAttribute[] {
  const { duration, width: w, height: h, length, title, performer } = details;
  switch (kind) {
    case 'video':
      return [{ _: 'documentAttributeVideo', duration, w, h, supports_streaming: details.supportsStreaming || undefined }];
    case 'animation':
      return [{ _: 'documentAttributeAnimated' }, ...(mimeType.startsWith('video/') ? [{ _: 'documentAttributeVideo' as const, duration, w, h }] : [])];
    case 'video_note':
      return [{ _: 'documentAttributeVideo', round_message: true, duration, w: length, h: length }];
    case 'audio':
      return [{ _: 'documentAttributeAudio', duration, title: title || undefined, performer: performer || undefined }];
    case 'voice':
      return [{ _: 'documentAttributeAudio', voice: true, duration }];
    case 'sticker':
      return [
        { _: 'documentAttributeSticker', alt: details.emoji, stickerset: { _: 'inputStickerSetEmpty' } },
        { _: 'documentAttributeImageSize', w: STICKER_SIDE, h: STICKER_SIDE },
        ...(mimeType === 'video/webm' ? [{ _: 'documentAttributeVideo' as const, duration, w: STICKER_SIDE, h: STICKER_SIDE }] : []),
      ];
    default:
      return [];
  }
}
