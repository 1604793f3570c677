import type { Refusal } from '../../protocol/index.ts';
import { formatSeconds } from './dates.ts';
import { t } from './text.ts';
import type { TextKey } from '../../texts/en/index.ts';

const TEXTS: Record<string, TextKey> = {
  OFFLINE: 'errorOffline',
  PHONE_NUMBER_INVALID: 'errorPhone',
  PHONE_NUMBER_BANNED: 'errorBanned',
  PHONE_CODE_INVALID: 'errorCode',
  PHONE_CODE_EMPTY: 'errorCode',
  CODE_INVALID: 'errorCode',
  PHONE_CODE_EXPIRED: 'errorCodeExpired',
  PASSWORD_HASH_INVALID: 'errorPassword',
  FIRSTNAME_INVALID: 'errorName',
  LASTNAME_INVALID: 'errorName',
  EMAIL_INVALID: 'errorEmail',
  EMAIL_NOT_ALLOWED: 'errorEmail',
  CHAT_ADMIN_REQUIRED: 'errorRights',
  CHAT_WRITE_FORBIDDEN: 'errorRights',
  MESSAGE_ID_INVALID: 'errorGone',
  FILE_ID_INVALID: 'errorGone',
  FILE_LOST: 'errorFileLost',
  FILE_PARTS_INVALID: 'errorFileTooLong',
  IMAGE_PROCESS_FAILED: 'errorPicture',
  PHOTO_EXT_INVALID: 'errorPicture',
  PHOTO_INVALID_DIMENSIONS: 'errorPicture',
  MEDIA_INVALID: 'errorFile',
  CHAT_SEND_MEDIA_FORBIDDEN: 'errorRights',
  CHAT_SEND_PHOTOS_FORBIDDEN: 'errorRights',
  CHAT_SEND_VIDEOS_FORBIDDEN: 'errorRights',
  CHAT_SEND_VOICES_FORBIDDEN: 'errorRights',
  CHAT_SEND_AUDIOS_FORBIDDEN: 'errorRights',
  CHAT_SEND_DOCS_FORBIDDEN: 'errorRights',
  CHAT_SEND_STICKERS_FORBIDDEN: 'errorRights',
  CHAT_SEND_GIFS_FORBIDDEN: 'errorRights',
};

/** Says why something was not done. */
export function describeRefusal({ code, seconds }: Refusal): string {
  if (seconds !== undefined && code.endsWith('WAIT')) return t('errorFlood', { time: formatSeconds(seconds) });
  return t(TEXTS[code] ?? 'errorInternal');
}
