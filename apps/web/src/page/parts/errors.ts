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
  PINNED_DIALOGS_TOO_MUCH: 'errorTooManyPins',
  INPUT_FILTER_INVALID: 'errorFolderFull',
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
  INVITE_HASH_EXPIRED: 'errorInvite',
  INVITE_HASH_INVALID: 'errorInvite',
  INVITE_HASH_EMPTY: 'errorInvite',
  INVITE_SLUG_EXPIRED: 'errorFolderLink',
  INVITE_SLUG_EMPTY: 'errorFolderLink',
  FILTER_INCLUDE_EMPTY: 'errorFolderLink',
  CHATLISTS_TOO_MUCH: 'errorTooManyFolders',
  USERNAME_NOT_OCCUPIED: 'errorNoName',
  PHONE_NOT_OCCUPIED: 'errorNoPhone',
  USERNAME_INVALID: 'errorUsername',
  USERNAME_OCCUPIED: 'errorUsernameTaken',
  USERNAME_PURCHASE_AVAILABLE: 'errorUsernameTaken',
  CHANNELS_TOO_MUCH: 'errorTooManyChats',
  USERS_TOO_MUCH: 'errorGroupFull',
  FRESH_RESET_AUTHORISATION_FORBIDDEN: 'errorFresh',
  SESSION_TOO_FRESH: 'errorFresh',
  PASSWORD_TOO_FRESH: 'errorFresh',
  USER_PRIVACY_RESTRICTED: 'errorPrivacy',
  YOU_BLOCKED_USER: 'errorBlocked',
  PHOTO_CROP_SIZE_SMALL: 'errorPhoto',
  CHAT_TITLE_EMPTY: 'errorTitle',
  NEW_SETTINGS_INVALID: 'errorHint',
  EMAIL_HASH_EXPIRED: 'errorCodeExpired',
};

/** Says why something was not done. */
export function describeRefusal({ code, seconds }: Refusal): string {
  if (seconds !== undefined && code.endsWith('WAIT')) return t('errorFlood', { time: formatSeconds(seconds) });
  return t(TEXTS[code] ?? 'errorInternal');
}
