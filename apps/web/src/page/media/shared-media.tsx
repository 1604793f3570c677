import type { FunctionComponent } from 'preact';
import type { Message, PeerId } from '../../protocol/index.ts';
import { formatMonth } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { SharedList } from './shared-list.tsx';
import { mediaOf } from './shown-media.ts';
import { useMediaList } from './use-media-list.ts';
import { VisualTile } from './visual-tile.tsx';

/** Side of a tile, in pixels: the preview of this size is loaded. */
const SIDE = 120;

/** Messages of one month. */
interface Month {
  name: string;
  messages: Message[];
}

/** Divides messages by months, in their order. */
function byMonth(messages: readonly Message[]): Month[] {
  const months: Month[] = [];
  for (const message of messages) {
    const name = formatMonth(message.date);
    const last = months.at(-1);
    if (last?.name === name) last.messages.push(message);
    else months.push({ name, messages: [message] });
  }
  return months;
}

/** The photos and videos of a chat. */
export const SharedMedia: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const list = useMediaList(peer, 'media');
  return (
    <SharedList list={list} empty={t('noMedia')}>
      {byMonth(list.messages).map(({ name, messages }) => (
        <section key={name}>
          <h3>{name}</h3>
          <ul class="shared-tiles">
            {messages.map((message) => {
              const media = mediaOf(message);
              return <li key={message.key}>{media && <VisualTile message={message} media={media} side={SIDE} />}</li>;
            })}
          </ul>
        </section>
      ))}
    </SharedList>
  );
};
