import { render } from 'preact';
import type { Mark } from 'prosemirror-model';
import type { MarkView } from 'prosemirror-view';
import { EmojiOverlay } from '../motion/live-emoji.tsx';

/** Draws a custom emoji in the field above the plain one, which stays what is written. */
export function showEmoji({ attrs }: Mark): MarkView {
  const dom = document.createElement('span');
  dom.className = 'live-emoji custom-emoji';
  // What is copied names it.
  dom.dataset['emoji'] = attrs.emoji as string;
  const contentDOM = document.createElement('span');
  contentDOM.className = 'live-emoji-text';
  const place = document.createElement('span');
  place.className = 'live-emoji-place';
  place.contentEditable = 'false';
  dom.append(contentDOM, place);
  render(<EmojiOverlay id={attrs.emoji as string} onDrawn={() => dom.classList.add('is-drawn')} />, place);
  return {
    dom,
    contentDOM,
    ignoreMutation: ({ target }) => !contentDOM.contains(target),
    destroy: () => render(null, place),
  };
}
