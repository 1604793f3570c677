import type { FunctionComponent } from 'preact';
import type { Topic } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { LiveEmoji } from '../motion/live-emoji.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { TopicIcon } from '../topic-marks/topic-icon.tsx';

/** Height of an icon to choose, in pixels. */
const SIDE = 28;

interface IconFieldProps {
  /** How the topic would look without an icon. */
  topic: Pick<Topic, 'id' | 'title' | 'colour'>;
  /** A custom emoji. */
  chosen: string | undefined;
  onChoose(icon: string | undefined): void;
}

/** The icon of a topic: none, so that its colour and first letter are shown, or one of those that the server offers. */
export const IconField: FunctionComponent<IconFieldProps> = ({ topic: { id, title, colour }, chosen, onChoose }) => {
  const icons = useLoaded(() => ask('stickers.set', { by: 'use', use: 'topicIcons' }))?.stickers;
  return (
    <fieldset class="choice topic-icons" aria-busy={icons === undefined}>
      <legend>{t('topicIcon')}</legend>
      <label class="topic-choice" title={t('noTopicIcon')}>
        <input type="radio" name="topic-icon" aria-label={t('noTopicIcon')} checked={chosen === undefined} onChange={() => onChoose(undefined)} />
        <TopicIcon topic={{ id, title, colour }} />
      </label>
      {icons?.map((icon) => (
        <label key={icon.document.id} class="topic-choice" title={icon.emoji}>
          <input type="radio" name="topic-icon" aria-label={icon.emoji} checked={chosen === icon.document.id} onChange={() => onChoose(icon.document.id)} />
          <LiveEmoji sticker={icon} side={SIDE}>
            <span class="live-emoji-text">{icon.emoji}</span>
          </LiveEmoji>
        </label>
      ))}
    </fieldset>
  );
};
