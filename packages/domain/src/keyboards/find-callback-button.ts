import type { tl } from '@aerogram/tl';

/** Finds what the button of a stored keyboard does that has these data; undefined if there is none. Pure. */
export function findCallbackButton(markup: tl.ReplyMarkup | undefined, data: Uint8Array): tl.inlineButtonTypeCallback | undefined {
  if (markup?._ !== 'replyInlineMarkup') return undefined;
  for (const { buttons } of markup.rows) {
    for (const { type } of buttons) if (type._ === 'inlineButtonTypeCallback' && Buffer.compare(type.data, data) === 0) return type;
  }
  return undefined;
}
