import type { tl } from '@aerogram/tl';

/** Finds the key of a stored keyboard that asks for peers under this number; undefined if there is none. Pure. */
export function findRequestKey(markup: tl.ReplyMarkup | undefined, buttonId: number): tl.inputKeyboardButtonRequestPeer | undefined {
  if (markup?._ !== 'replyKeyboardMarkup') return undefined;
  for (const { buttons } of markup.rows) {
    for (const button of buttons) if (button._ === 'inputKeyboardButtonRequestPeer' && button.button_id === buttonId) return button;
  }
  return undefined;
}
