import type { tl } from '@aerogram/tl';

import { parseEmojiId } from '../texts/links.ts';
import type { JsonFields } from './json-fields.ts';

const STYLES = new Map<string, Omit<tl.keyboardButtonStyle, '_'>>([
  ['', {}],
  ['primary', { bg_primary: true }],
  ['danger', { bg_danger: true }],
  ['success', { bg_success: true }],
]);

/** What every button has: its text, its colour and the custom emoji before the text. */
export interface ButtonFace {
  text: string;
  style?: tl.keyboardButtonStyle;
}

/** Reads the looks of a button. @throws BotError 400 if it has no text or an unknown colour */
export function readFace(fields: JsonFields): ButtonFace {
  const text = fields.neededText('text');
  const style = STYLES.get(fields.text('style'));
  if (style === undefined) throw fields.error('invalid button style specified');
  const icon = readIcon(fields);
  return icon === undefined && fields.text('style') === '' ? { text } : { text, style: { _: 'keyboardButtonStyle', ...style, icon } };
}

function readIcon(fields: JsonFields): bigint | undefined {
  const text = fields.text('icon_custom_emoji_id');
  if (text === '') return undefined;
  const id = parseEmojiId(text);
  if (id === undefined) throw fields.error('Invalid custom emoji identifier specified');
  return id;
}
