import type { FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';

const DIE = '🎲';
const FACES = ['⚀', '⚁', '⚂', '⚃', '⚄', '⚅'];

/** How a die, or another thing that is thrown, fell. */
export const Dice: FunctionComponent<{ emoji: string; value: number }> = ({ emoji, value }) => (
  <p class="dice" role="img" aria-label={t('diceValue', { emoji, value })}>
    <span class="dice-thing emoji" aria-hidden="true">
      {emoji === DIE ? (FACES[value - 1] ?? emoji) : emoji}
    </span>
    <span class="dice-value">{value === 0 ? '…' : value}</span>
  </p>
);
