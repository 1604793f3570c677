import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { findKnownEmoji } from './known-emoji.ts';
import { checkMarkup, type PictureMarkup } from './picture-markup.ts';

/** What a client sends as the picture of a profile: a still picture, a video, or both; or an emoji or sticker. */
export type ProfilePicture = Pick<tl.inputChatUploadedPhoto, 'file' | 'video' | 'video_start_ts' | 'video_emoji_markup'>;

/** The upload that makes up a profile photo. */
export interface ProfileUpload {
  /** The video, if there is one; otherwise the picture. Absent: there is only an emoji or sticker, of which a picture is drawn. */
  file: tl.InputFile | undefined;
  video: { /** The picture that stands for the video; absent: one of its frames. */ still: tl.InputFile | undefined; startS: number } | undefined;
  /** What apps draw instead of both. */
  markup: PictureMarkup | undefined;
}

/**
 * Checks what a client sends as the picture of a profile. Pure.
 * @param madeEmoji as {@link findMadeEmojiIn} finds it
 * @throws RpcError PHOTO_FILE_MISSING (nothing), VIDEO_FILE_INVALID (video and picture are the same upload), and as {@link checkMarkup}
 */
export function checkPicture({ file, video, video_start_ts: startS = 0, video_emoji_markup: given }: ProfilePicture, madeEmoji?: ReadonlySet<bigint>): ProfileUpload {
  const markup = given && checkMarkup(given, madeEmoji);
  if (video === undefined) {
    if (file === undefined && markup === undefined) throw rpcError('PHOTO_FILE_MISSING');
    return { file, video: undefined, markup };
  }
  // The uploads are locked one after the other.
  if (file !== undefined && 'id' in file && 'id' in video && file.id === video.id) throw rpcError('VIDEO_FILE_INVALID');
  return { file: video, video: { still: file, startS }, markup };
}

/** The custom emoji of a picture, if the server has it. No statement is run for pictures without one. */
export async function findMadeEmojiIn(db: Pick<Database, 'run'>, { video_emoji_markup: markup }: ProfilePicture): Promise<ReadonlySet<bigint>> {
  return findKnownEmoji(db, markup?._ === 'videoSizeEmojiMarkup' ? [markup.emoji_id] : []);
}
