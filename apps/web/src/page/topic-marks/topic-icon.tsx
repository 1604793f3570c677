import type { FunctionComponent } from 'preact';
import Hash from 'lucide-static/icons/hash.svg';
import { CustomEmoji } from '../motion/live-emoji.tsx';
import { GENERAL_TOPIC, type Topic } from '../../protocol/index.ts';

/** The colour of a topic as styles say it. Pure. */
export const cssColour = (colour: number): string => `#${(colour & 0xffffff).toString(16).padStart(6, '0')}`;

/** The first letter of a title. Pure. */
export const letterOf = (title: string): string => Array.from(title.replace(/^[^\p{L}\p{N}]+/u, '') || title.trim())[0]?.toUpperCase() ?? '';

/** The sign of a topic: its colour with its first letter. */
export const TopicIcon: FunctionComponent<{ topic: Pick<Topic, 'id' | 'title' | 'colour' | 'icon'>; isSmall?: boolean }> = ({ topic: { id, title, colour, icon }, isSmall }) => {
  const className = `topic-icon${isSmall ? ' topic-icon-small' : ''}`;
  if (id === GENERAL_TOPIC) {
    return (
      <span class={`${className} topic-icon-general`} aria-hidden="true">
        <Hash />
      </span>
    );
  }
  if (icon !== undefined) {
    return (
      <span class={`${className} topic-icon-custom`} aria-hidden="true">
        <CustomEmoji key={icon} id={icon}>
          <span class="live-emoji-text">{letterOf(title)}</span>
        </CustomEmoji>
      </span>
    );
  }
  return (
    <span class={className} style={{ background: cssColour(colour) }} aria-hidden="true">
      {letterOf(title)}
    </span>
  );
};
