import { rpcError } from '@aerogram/errors';
import type { AvatarLaneResult, MadeAvatar, MadePhoto, PhotoLaneResult } from '@aerogram/media';

/** The errors for pictures that are refused. */
export const REFUSALS = { video: 'VIDEO_FILE_INVALID', type: 'PHOTO_EXT_INVALID', dimensions: 'PHOTO_INVALID_DIMENSIONS', small: 'PHOTO_CROP_SIZE_SMALL', unreadable: 'IMAGE_PROCESS_FAILED' } as const;

/** The video that was made. @throws RpcError if there is none */
export function videoIn(result: AvatarLaneResult): MadeAvatar {
  switch (result.outcome) {
    case 'made':
      return result.avatar;
    case 'busy':
      throw rpcError('FLOOD_WAIT_%d', result.waitS);
    case 'frameless':
      // The client can send a picture itself.
      throw rpcError('PHOTO_FILE_MISSING');
    case 'unreadable':
    case 'unavailable':
      throw rpcError('VIDEO_FILE_INVALID');
  }
}

/** The photo that was made. @throws RpcError if there is none */
export function photoIn(result: PhotoLaneResult): MadePhoto {
  switch (result.outcome) {
    case 'made':
      return result.photo;
    case 'busy':
      throw rpcError('FLOOD_WAIT_%d', result.waitS);
    case 'unavailable':
      throw rpcError('IMAGE_PROCESS_FAILED');
    case 'refused':
      throw rpcError(REFUSALS[result.reason]);
  }
}
