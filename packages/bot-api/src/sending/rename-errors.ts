import { RpcError } from '@aerogram/errors';

import { badRequest } from '../bot-error.ts';

/** Texts of the Bot API for errors that mean something particular in a method, by the name of ours. */
export type ErrorTexts = Readonly<Record<string, string>>;

/** What an edit answers. */
export const EDIT_ERRORS: ErrorTexts = {
  MESSAGE_ID_INVALID: 'message to edit not found',
  MESSAGE_AUTHOR_REQUIRED: "message can't be edited",
  MESSAGE_EDIT_TIME_EXPIRED: "message can't be edited",
  MEDIA_PREV_INVALID: "message can't be edited",
};

/** What forwarding answers. */
export const FORWARD_ERRORS: ErrorTexts = { MESSAGE_ID_INVALID: 'message to forward not found', CHAT_FORWARDS_RESTRICTED: "message can't be forwarded" };

/** What copying answers. */
export const COPY_ERRORS: ErrorTexts = { MESSAGE_ID_INVALID: 'message to copy not found', CHAT_FORWARDS_RESTRICTED: "message can't be copied" };

/** What an album answers. */
export const ALBUM_ERRORS: ErrorTexts = { MEDIA_INVALID: "can't use the media of the specified type in the album" };

/** What deleting answers. */
export const DELETE_ERRORS: ErrorTexts = { MESSAGE_ID_INVALID: 'message to delete not found', MESSAGE_DELETE_FORBIDDEN: "message can't be deleted" };

/** Awaits a call, and throws its errors with these texts. @throws BotError 400 for an error that has a text */
export async function renameErrors<T>(texts: ErrorTexts, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const text = error instanceof RpcError ? texts[error.entry] : undefined;
    throw text === undefined ? error : badRequest(text);
  }
}
