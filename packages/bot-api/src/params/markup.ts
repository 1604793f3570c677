import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { readInlineButton } from './inline-button.ts';
import { isJsonObject, JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';
import { readReplyKey } from './reply-key.ts';

/**
 * Reads `reply_markup`: buttons below the message, keys in place of those of the phone, or what is to happen to these. `hide_keyboard`, `force_reply_keyboard` and
 * `personal_keyboard` are old names.
 * @returns undefined if there is none, or an empty one
 * @throws BotError 400
 */
export function readMarkup(params: Params<'reply_markup'>): tl.ReplyMarkup | undefined {
  const value = params.json('reply_markup', 'reply keyboard markup');
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw badRequest('object expected as reply markup');
  const fields = new JsonFields(value);
  const keys = readRows(fields, 'keyboard', readReplyKey).map((buttons): tl.keyboardButtonRow => ({ _: 'keyboardButtonRow', buttons }));
  const rows = readRows(fields, 'inline_keyboard', readInlineButton).map((buttons): tl.keyboardInlineButtonRow => ({ _: 'keyboardInlineButtonRow', buttons }));
  const selective = fields.bool('personal_keyboard') || fields.bool('selective') || undefined;
  const placeholder = fields.text('input_field_placeholder') || undefined;
  const single_use = fields.bool('one_time_keyboard') || undefined;
  if (keys.length > 0) {
    const [resize, persistent, force_reply] = ['resize_keyboard', 'is_persistent', 'force_reply'].map((name) => fields.bool(name) || undefined);
    return { _: 'replyKeyboardMarkup', rows: keys, resize, single_use, selective, persistent, force_reply, placeholder };
  }
  if (rows.length > 0) return { _: 'replyInlineMarkup', rows };
  if (fields.bool('hide_keyboard') || fields.bool('remove_keyboard')) return { _: 'replyKeyboardHide', selective };
  if (fields.bool('force_reply_keyboard') || fields.bool('force_reply')) return { _: 'replyKeyboardForceReply', single_use: true, selective, placeholder };
  return undefined;
}

/**
 * Reads the `reply_markup` of an edit, which can only be buttons below the message.
 * @returns undefined if the message has none from then on
 * @throws BotError 400
 */
export function readInlineMarkup(params: Params<'reply_markup'>): tl.replyInlineMarkup | undefined {
  const markup = readMarkup(params);
  if (markup !== undefined && markup._ !== 'replyInlineMarkup') throw badRequest('inline keyboard expected');
  return markup;
}

function readRows<Button>(fields: JsonFields, name: 'keyboard' | 'inline_keyboard', readButton: (value: unknown) => Button): Button[][] {
  const value = fields.value(name);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw fields.error(`Field "${name}" must be of type Array`);
  return value.map((row: unknown) => {
    if (!Array.isArray(row)) throw fields.error(`Field "${name}" must be an Array of Arrays`);
    return row.map(readButton);
  });
}
