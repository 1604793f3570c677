import type { ComponentChildren, FunctionComponent } from 'preact';
import { CustomEmoji } from '../motion/live-emoji.tsx';
import { openSet } from '../stickers/open-set.ts';

/** What a press is meant for before it is for the emoji in it. */
const AROUND = 'a, button, label, [role="button"], [role="link"]';

/** A custom emoji in a text. Pressed, it shows its set, for which the menu of a message has a line: hundreds of buttons in a text would be in the way of those who listen to it. */
export const TextEmoji: FunctionComponent<{ id: string; children: ComponentChildren }> = ({ id, children }) => (
  <span class="text-emoji" onClick={({ currentTarget }) => !currentTarget.closest(AROUND) && void openSet({ by: 'emoji', emoji: id })}>
    <CustomEmoji id={id}>
      <span class="live-emoji-text">{children}</span>
    </CustomEmoji>
  </span>
);
