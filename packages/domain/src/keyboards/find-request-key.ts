import type { tl } from '@aerogram/tl';

/** Finds what the key of a stored keyboard asks for that asks for peers under this number; undefined if there is none. Pure. */
export function findRequestKey(markup: tl.ReplyMarkup | undefined, buttonId: number): tl.inputButtonTypeRequestPeer | undefined {
  if (markup?._ !== 'replyKeyboardMarkup') return undefined;
  for (const { buttons } of markup.rows) {
    for (const { type } of buttons) if (type._ === 'inputButtonTypeRequestPeer' && type.button_id === buttonId) return type;
  }
  return undefined;
}
