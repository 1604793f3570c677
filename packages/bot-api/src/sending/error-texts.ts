import type { ErrorTexts } from '../rename-errors.ts';

/** What an edit answers. */
export const EDIT_ERRORS = {
  MESSAGE_ID_INVALID: 'message to edit not found',
  MESSAGE_AUTHOR_REQUIRED: "message can't be edited",
  MESSAGE_EDIT_TIME_EXPIRED: "message can't be edited",
  MEDIA_PREV_INVALID: "message can't be edited",
} as const satisfies ErrorTexts;

/** What forwarding answers. */
export const FORWARD_ERRORS = { MESSAGE_ID_INVALID: 'message to forward not found', CHAT_FORWARDS_RESTRICTED: "message can't be forwarded" } as const satisfies ErrorTexts;

/** What copying answers. */
export const COPY_ERRORS = { MESSAGE_ID_INVALID: 'message to copy not found', CHAT_FORWARDS_RESTRICTED: "message can't be copied" } as const satisfies ErrorTexts;

/** What an album answers. */
export const ALBUM_ERRORS = { MEDIA_INVALID: "can't use the media of the specified type in the album" } as const satisfies ErrorTexts;

/** What deleting answers. */
export const DELETE_ERRORS = { MESSAGE_ID_INVALID: 'message to delete not found', MESSAGE_DELETE_FORBIDDEN: "message can't be deleted", CHAT_ADMIN_REQUIRED: "message can't be deleted" } as const satisfies ErrorTexts;
