import { ALBUM_MAX, LANGUAGE_MAX, MESSAGE_LENGTH_MAX, URL_MAX } from '@aerogram/domain';
import type { FieldLimits, MethodLimits } from '@aerogram/rpc';

/** Maximum length of a quote in UTF-16 units; official clients use this value if the app config has no `quote_length_max`. */
export const QUOTE_LENGTH_MAX = 1024;

/** Each character of a text may have two UTF-16 units, which are counted here. And clients may send white space around a text: the text is trimmed before its length is checked. */
const UNTRIMMED = 3;
/** Entities after the first hundred are cut off, not refused. */
const ENTITIES_MAX = 1000;

const stringsOfEntities = (path: string): FieldLimits => ({
  [`${path}.language`]: { max: LANGUAGE_MAX, error: 'ENTITIES_TOO_LONG' },
  [`${path}.url`]: { max: URL_MAX, error: 'ENTITIES_TOO_LONG' },
});

/** Limits of a request whose `message` is a text with `entities`. */
export const TEXT_LIMITS: MethodLimits = {
  maxBytes: 128 * 1024,
  vectors: { entities: ENTITIES_MAX },
  strings: { message: { max: UNTRIMMED * MESSAGE_LENGTH_MAX, error: 'MESSAGE_TOO_LONG' }, ...stringsOfEntities('entities') },
};

/** Limits of a request whose `action` may be a text that a bot is still writing. */
export const LIVE_DRAFT_LIMITS: MethodLimits = {
  maxBytes: 128 * 1024,
  vectors: { 'action.text.entities': ENTITIES_MAX },
  strings: { 'action.text.text': { max: UNTRIMMED * MESSAGE_LENGTH_MAX, error: 'MESSAGE_TOO_LONG' }, ...stringsOfEntities('action.text.entities') },
};

/** Limits of a request with `multi_media`, whose items have a text each. */
export const ALBUM_LIMITS: MethodLimits = {
  maxBytes: 256 * 1024,
  vectors: { multi_media: { max: ALBUM_MAX, error: 'MULTI_MEDIA_TOO_LONG' }, 'multi_media.entities': ENTITIES_MAX },
  strings: { 'multi_media.message': { max: UNTRIMMED * MESSAGE_LENGTH_MAX, error: 'MEDIA_CAPTION_TOO_LONG' }, ...stringsOfEntities('multi_media.entities') },
};

/** Limits of a request that may reply to a message and quote it. */
export const REPLY_LIMITS: MethodLimits = {
  vectors: { 'reply_to.quote_entities': ENTITIES_MAX },
  strings: {
    'reply_to.quote_text': { max: UNTRIMMED * QUOTE_LENGTH_MAX, error: 'QUOTE_TEXT_INVALID' },
    ...stringsOfEntities('reply_to.quote_entities'),
  },
};

/** Limits of a request that sends media. A longer vCard is left out instead of being refused, because address books put photos there. */
export const MEDIA_LIMITS: MethodLimits = { strings: { 'media.vcard': 32 * 1024 } };

/** Limit of an invite link that a request names; no link is longer. */
export const LINK_LIMIT = { max: 256, error: 'INVITE_HASH_EXPIRED' } as const;

/** Limit of the title of an invite link. Longer ones are cut to what is stored, up to this length. */
export const INVITE_TITLE_LIMIT = 256;
