import type { FunctionComponent } from 'preact';
import { customIdOf } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { CustomEmoji, customEmoji } from '../motion/live-emoji.tsx';

/** What is read out of a reaction: its emoji, or the one for which a custom emoji stands. */
export function reactionName(key: string): string {
  const custom = customIdOf(key);
  return custom === undefined ? key : customEmoji(custom).value?.emoji || t('emoji');
}

/** A reaction as it is drawn. @param emoji its key */
export const ReactionGlyph: FunctionComponent<{ emoji: string }> = ({ emoji }) => {
  const custom = customIdOf(emoji);
  if (custom === undefined) return <>{emoji}</>;
  return (
    <CustomEmoji key={custom} id={custom}>
      <span class="live-emoji-text">{customEmoji(custom).value?.emoji}</span>
    </CustomEmoji>
  );
};
