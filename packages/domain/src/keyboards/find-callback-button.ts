import type { tl } from '@aerogram/tl';

/** Finds the button of a stored keyboard that has these data; undefined if there is none. Pure. */
export function findCallbackButton(markup: tl.ReplyMarkup | undefined, data: Uint8Array): tl.keyboardButtonCallback | undefined {
  if (markup?._ !== 'replyInlineMarkup') return undefined;
  for (const { buttons } of markup.rows) {
    for (const button of buttons) if (button._ === 'keyboardButtonCallback' && Buffer.compare(button.data, data) === 0) return button;
  }
  return undefined;
}
