import type { tl } from '@aerogram/tl';

/** A stored keyboard as clients see it: what a button asks for beyond the peers themselves is between the bot and the server. Pure. */
export function projectMarkup(markup: tl.ReplyMarkup): tl.ReplyMarkup {
  if (markup._ !== 'replyKeyboardMarkup') return markup;
  const rows = markup.rows.map(({ _, buttons }) => ({ _, buttons: buttons.map((button) => ({ ...button, type: projectType(button.type) })) }));
  return { ...markup, rows };
}

function projectType(type: tl.ButtonType): tl.ButtonType {
  if (type._ !== 'inputButtonTypeRequestPeer') return type;
  const { button_id, peer_type, max_quantity } = type;
  return { _: 'buttonTypeRequestPeer', button_id, peer_type, max_quantity };
}

/** The keyboard of a forward: links only, because other buttons are for the chat in which the bot wrote. Pure. */
export function forwardMarkup(markup: tl.ReplyMarkup | undefined): tl.ReplyMarkup | undefined {
  if (markup?._ !== 'replyInlineMarkup') return undefined;
  const isLink = ({ type }: tl.KeyboardInlineButton): boolean => type._ === 'inlineButtonTypeUrl';
  return markup.rows.every(({ buttons }) => buttons.every(isLink)) ? markup : undefined;
}
