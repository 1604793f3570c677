import type { FunctionComponent } from 'preact';
import type { PeerId } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { AudioContent } from '../media/audio.tsx';
import { SharedList } from '../media/shared-list.tsx';
import { useMediaList } from '../media/use-media-list.ts';
import { VoiceContent } from '../media/voice.tsx';
import { formatDay } from '../parts/dates.ts';
import { authorName } from '../parts/names.tsx';
import { addressBesideInfo } from './address-beside-info.ts';

/** The music of a chat, or its voice and round video messages, of which one hears the sound here. Each row leads to its message. */
export const SharedSounds: FunctionComponent<{ peer: PeerId; filter: 'music' | 'voice' }> = ({ peer, filter }) => {
  const list = useMediaList(peer, filter);
  const Content = filter === 'music' ? AudioContent : VoiceContent;
  return (
    <SharedList list={list} empty={t('nothingFound')}>
      <ul class="shared-rows">
        {list.messages.map((message) => (
          <li key={message.key}>
            <a class="shared-sound-line" href={addressBesideInfo(peer, message)}>
              <bdi>{authorName(message.from)}</bdi> · {formatDay(message.date)}
            </a>
            <Content message={message} />
          </li>
        ))}
      </ul>
    </SharedList>
  );
};
