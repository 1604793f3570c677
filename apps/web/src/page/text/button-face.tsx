import type { FunctionComponent } from 'preact';
import type { ButtonFace } from '../../protocol/index.ts';
import { CustomEmoji } from '../motion/live-emoji.tsx';

/** How a button of a bot looks by its colour. Pure. */
export const buttonClass = ({ colour }: Pick<ButtonFace, 'colour'>): string => `inline-button${colour === undefined ? '' : ` is-${colour}`}`;

/** What stands on a button of a bot: its icon, which says nothing to those who listen, and its text. */
export const ButtonText: FunctionComponent<{ face: Pick<ButtonFace, 'text' | 'icon'> }> = ({ face: { text, icon } }) => (
  <span dir="auto">
    {icon !== undefined && (
      <span class="button-icon" aria-hidden="true">
        <CustomEmoji key={icon} id={icon}>
          <span class="live-emoji-text">&nbsp;</span>
        </CustomEmoji>
      </span>
    )}
    {text}
  </span>
);
