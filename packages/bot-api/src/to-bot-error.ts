import { RpcError } from '@aerogram/errors';

import { BotError, badRequest, tooManyRequests } from './bot-error.ts';

/** The official texts of errors that mean the same in all methods: ours on the left, the code and the whole text on the right. */
const TEXTS: Readonly<Record<string, readonly [code: number, text: string]>> = {
  BUTTON_TYPE_INVALID: [400, 'Bad Request: BUTTON_TYPE_INVALID'],
  CHANNEL_INVALID: [400, 'Bad Request: chat not found'],
  CHANNEL_PRIVATE: [403, 'Forbidden: bot is not a member of the channel chat'],
  CHAT_ABOUT_NOT_MODIFIED: [400, 'Bad Request: chat description is not modified'],
  CHAT_ADMIN_REQUIRED: [400, 'Bad Request: not enough rights'],
  CHAT_ELSEWHERE: [400, 'Bad Request: groups and channels of other data centres are not available'],
  CHAT_FORBIDDEN: [403, 'Forbidden: bot is not a member of the group chat'],
  CHAT_ID_INVALID: [400, 'Bad Request: chat not found'],
  CHAT_SEND_AUDIOS_FORBIDDEN: [400, 'Bad Request: not enough rights to send music to the chat'],
  CHAT_SEND_DOCS_FORBIDDEN: [400, 'Bad Request: not enough rights to send documents to the chat'],
  CHAT_SEND_GIFS_FORBIDDEN: [400, 'Bad Request: not enough rights to send animations to the chat'],
  CHAT_SEND_MEDIA_FORBIDDEN: [400, 'Bad Request: not enough rights to send media messages to the chat'],
  CHAT_SEND_PHOTOS_FORBIDDEN: [400, 'Bad Request: not enough rights to send photos to the chat'],
  CHAT_SEND_PLAIN_FORBIDDEN: [400, 'Bad Request: not enough rights to send text messages to the chat'],
  CHAT_SEND_ROUNDVIDEOS_FORBIDDEN: [400, 'Bad Request: not enough rights to send video notes to the chat'],
  CHAT_SEND_STICKERS_FORBIDDEN: [400, 'Bad Request: not enough rights to send stickers to the chat'],
  CHAT_SEND_VIDEOS_FORBIDDEN: [400, 'Bad Request: not enough rights to send videos to the chat'],
  CHAT_SEND_VOICES_FORBIDDEN: [400, 'Bad Request: not enough rights to send voice notes to the chat'],
  CHAT_WRITE_FORBIDDEN: [400, 'Bad Request: not enough rights to send text messages to the chat'],
  GEO_POINT_INVALID: [400, 'Bad Request: wrong location specified'],
  INPUT_USER_DEACTIVATED: [403, 'Forbidden: user is deactivated'],
  LANG_CODE_INVALID: [400, 'Bad Request: invalid language code specified'],
  MEDIA_GROUPED_INVALID: [400, "Bad Request: can't use the media of the specified type in the album"],
  MESSAGE_DELETE_FORBIDDEN: [400, "Bad Request: message can't be deleted"],
  MESSAGE_EMPTY: [400, 'Bad Request: message text is empty'],
  MESSAGE_NOT_MODIFIED: [400, 'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'],
  MESSAGE_TOO_LONG: [400, 'Bad Request: message is too long'],
  MEDIA_CAPTION_TOO_LONG: [400, 'Bad Request: message caption is too long'],
  PEER_ID_INVALID: [400, 'Bad Request: chat not found'],
  PACK_SHORT_NAME_INVALID: [400, 'Bad Request: invalid sticker set name is specified'],
  PACK_SHORT_NAME_OCCUPIED: [400, 'Bad Request: sticker set name is already occupied'],
  QUERY_ID_INVALID: [400, 'Bad Request: query is too old and response timeout expired or query ID is invalid'],
  REPLY_MARKUP_TOO_LONG: [400, 'Bad Request: reply markup is too long'],
  REPLY_MESSAGE_ID_INVALID: [400, 'Bad Request: message to be replied not found'],
  STICKER_EMOJI_INVALID: [400, 'Bad Request: invalid sticker emojis'],
  USERNAME_INVALID: [400, 'Bad Request: chat not found'],
  USERNAME_NOT_OCCUPIED: [400, 'Bad Request: chat not found'],
  USER_ADMIN_INVALID: [400, 'Bad Request: user is an administrator of the chat'],
  USER_BANNED_IN_CHANNEL: [400, 'Bad Request: not enough rights to send text messages to the chat'],
  USER_BOT_INVALID: [400, 'Bad Request: USER_BOT_INVALID'],
  USER_ID_INVALID: [400, 'Bad Request: user not found'],
  USER_IS_BLOCKED: [403, 'Forbidden: bot was blocked by the user'],
  USER_IS_BOT: [403, "Forbidden: bot can't send messages to bots"],
  WC_CONVERT_URL_INVALID: [400, 'Bad Request: wrong HTTP URL specified'],
  WEBPAGE_CURL_FAILED: [400, 'Bad Request: failed to get HTTP URL content'],
  WEBPAGE_MEDIA_EMPTY: [400, 'Bad Request: wrong type of the web page content'],
  DOCUMENT_INVALID: [400, 'Bad Request: wrong file identifier/HTTP URL specified'],
  FILE_REFERENCE_EXPIRED: [400, 'Bad Request: wrong file identifier/HTTP URL specified'],
  MEDIA_INVALID: [400, 'Bad Request: wrong file identifier/HTTP URL specified'],
  WEBDOCUMENT_URL_INVALID: [400, 'Bad Request: wrong HTTP URL specified'],
  WORKER_BUSY_TOO_LONG_RETRY: [500, 'Internal Server Error: the server is busy, retry later'],
};

/** How errors that have a number are known: FLOOD_WAIT_%d and its like. */
const WAITS: ReadonlySet<string> = new Set(['FLOOD_WAIT_%d', 'SLOWMODE_WAIT_%d']);

const PREFIXES: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' };

/**
 * Turns what a method threw into the error of the Bot API.
 * @returns undefined for exceptions that nobody foresaw
 */
export function toBotError(thrown: unknown): BotError | undefined {
  if (thrown instanceof BotError) return thrown;
  if (!(thrown instanceof RpcError)) return undefined;
  const { entry, text, code } = thrown;
  if (WAITS.has(entry)) return tooManyRequests(Math.max(1, Number(/\d+$/.exec(text)?.[0] ?? 1)));
  const known = TEXTS[entry];
  if (known !== undefined) return new BotError(...known);
  // Libraries repeat a call that was answered with 5xx, but this one may have taken effect.
  if (code >= 500) return badRequest(text);
  // A 403 with our own name says nothing that a client could act on.
  const shown = code === 403 || PREFIXES[code] === undefined ? 400 : code;
  if (shown === 400) return badRequest(text);
  return new BotError(shown, shown === 401 ? 'Unauthorized' : `${PREFIXES[shown]}: ${text}`);
}
