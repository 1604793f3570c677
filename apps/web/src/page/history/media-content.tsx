import type { FunctionComponent } from 'preact';
import type { Message } from '../../protocol/index.ts';
import { ChecklistCard } from '../checklists/checklist-card.tsx';
import { AlbumGrid } from '../media/album-grid.tsx';
import { MediaBody } from '../media/media-body.tsx';
import { t } from '../ground/text.ts';
import { PollCard } from '../polls/poll-card.tsx';
import { ContactCard } from './contact-card.tsx';
import { Dice } from './dice.tsx';
import { PlaceCard } from '../text/place-card.tsx';
import { isPassing, PassingCover } from './passing-cover.tsx';

/** What one message has beside its text. */
export const MediaContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const { media } = message;
  if (isPassing(message)) return <PassingCover message={message} />;
  switch (media?.kind) {
    case undefined:
    case 'photo':
    case 'document':
      return <MediaBody message={message} />;
    case 'page':
      return null;
    case 'place':
      return <PlaceCard place={media} />;
    case 'checklist':
      return <ChecklistCard message={message} list={media.list} />;
    case 'contact':
      return <ContactCard contact={media} />;
    case 'dice':
      return <Dice emoji={media.emoji} value={media.value} />;
    case 'poll':
      return <PollCard message={message} poll={media.poll} />;
    case 'expired':
      return <p class="not-shown">{t(EXPIRED[media.was])}</p>;
    default:
      return <p class="not-shown">{t('notShown')}</p>;
  }
};

const EXPIRED = { photo: 'expiredPhoto', video: 'expiredVideo', voice: 'expiredVoice', file: 'expiredFile' } as const;

/** What the messages of one bubble have beside their texts. */
export const MediaOfRow: FunctionComponent<{ messages: readonly Message[] }> = ({ messages }) => {
  const [first] = messages;
  if (messages.length === 1 && first) return <MediaContent message={first} />;
  return <AlbumGrid messages={messages} />;
};
