import type { tl } from '@aerogram/tl';

import { type FormattedText, withDetected } from '../messages/index.ts';

/** A message of BotFather. */
export interface Reply extends FormattedText {
  markup?: tl.ReplyMarkup;
}

/** What an inline button says, and its data. */
export type Choice = readonly [label: string, data: string];

/** Keys in place of those of the phone: two in a row. */
export function keysOf(labels: readonly string[]): tl.replyKeyboardMarkup {
  const rows: tl.keyboardButtonRow[] = [];
  for (let at = 0; at < labels.length; at += 2) {
    rows.push({ _: 'keyboardButtonRow', buttons: labels.slice(at, at + 2).map((text) => ({ _: 'keyboardButton', text, type: { _: 'buttonTypeDefault' } })) });
  }
  return { _: 'replyKeyboardMarkup', resize: true, single_use: true, rows };
}

/** Buttons below a message. */
export function buttonsOf(rows: readonly (readonly Choice[])[]): tl.replyInlineMarkup {
  return {
    _: 'replyInlineMarkup',
    rows: rows.map((row) => ({
      _: 'keyboardInlineButtonRow',
      buttons: row.map(([text, data]) => ({ _: 'keyboardInlineButton', text, type: { _: 'inlineButtonTypeCallback', data: Buffer.from(data) } })),
    })),
  };
}

/** A message whose commands and links can be tapped. By default it puts away the keys of the message before. */
export function say(text: string, markup: tl.ReplyMarkup = { _: 'replyKeyboardHide' }): Reply {
  return { text, entities: withDetected(text, []), markup };
}

/** A message with a token, which a tap copies. */
export function sayToken(before: string, token: string, after: string, markup?: tl.ReplyMarkup): Reply {
  const offset = before.length + 1;
  const said = say(`${before}\n${token}\n\n${after}`, markup);
  return { ...said, entities: withDetected(said.text, [{ _: 'messageEntityCode', offset, length: token.length }]) };
}
