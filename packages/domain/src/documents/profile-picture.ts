import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

/** What a client sends as the picture of a profile: a still picture, a video, or both; or an emoji or sticker. */
export type ProfilePicture = Pick<tl.inputChatUploadedPhoto, 'file' | 'video' | 'video_start_ts' | 'video_emoji_markup'>;

/** The upload that makes up a profile photo. */
export interface ProfileUpload {
  /** The video, if there is one; otherwise the picture. */
  file: tl.InputFile;
  video: { /** The picture that stands for the video; absent: one of its frames. */ still: tl.InputFile | undefined; startS: number } | undefined;
}

/**
 * Checks what a client sends as the picture of a profile. Pure.
 * @throws RpcError PHOTO_FILE_MISSING (nothing), EMOJI_MARKUP_INVALID, STICKER_MIME_INVALID (there are no custom emoji and no sticker sets on this server yet),
 * VIDEO_FILE_INVALID (video and picture are the same upload)
 */
export function checkPicture({ file, video, video_start_ts: startS = 0, video_emoji_markup: markup }: ProfilePicture): ProfileUpload {
  if (markup !== undefined) throw rpcError(markup._ === 'videoSizeStickerMarkup' ? 'STICKER_MIME_INVALID' : 'EMOJI_MARKUP_INVALID');
  if (video === undefined) {
    if (file === undefined) throw rpcError('PHOTO_FILE_MISSING');
    return { file, video: undefined };
  }
  // The uploads are locked one after the other.
  if (file !== undefined && 'id' in file && 'id' in video && file.id === video.id) throw rpcError('VIDEO_FILE_INVALID');
  return { file: video, video: { still: file, startS } };
}
