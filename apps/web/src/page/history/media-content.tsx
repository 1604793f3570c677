import type { FunctionComponent, VNode } from 'preact';
import type { Media, Message } from '../../protocol/index.ts';
import { ChecklistCard } from '../checklists/checklist-card.tsx';
import { AlbumGrid } from '../media/album-grid.tsx';
import { MediaBody } from '../media/media-body.tsx';
import { t } from '../ground/text.ts';
import { PollCard } from '../polls/poll-card.tsx';
import { ContactCard } from './contact-card.tsx';
import { Dice } from './dice.tsx';
import { PlaceCard } from '../text/place-card.tsx';
import { isPassing, PassingCover } from './passing-cover.tsx';

const EXPIRED = { photo: 'expiredPhoto', video: 'expiredVideo', voice: 'expiredVoice', file: 'expiredFile' } as const;

const file = (message: Message): VNode => <MediaBody message={message} />;

/** How each kind of media is shown. */
const SHOWN: { readonly [Kind in Media['kind']]: (message: Message, media: Extract<Media, { kind: Kind }>) => VNode | null } = {
  photo: file,
  document: file,
  // It stands below the text.
  page: () => null,
  place: (_, media) => <PlaceCard place={media} />,
  checklist: (message, { list }) => <ChecklistCard message={message} list={list} />,
  contact: (_, media) => <ContactCard contact={media} />,
  dice: (message, { emoji, value }) => <Dice message={message} emoji={emoji} value={value} />,
  poll: (message, { poll }) => <PollCard message={message} poll={poll} />,
  expired: (_, { was }) => <p class="not-shown">{t(EXPIRED[was])}</p>,
  unsupported: () => <p class="not-shown">{t('notShown')}</p>,
};

/** What one message has beside its text. */
export const MediaContent: FunctionComponent<{ message: Message }> = ({ message }) => {
  const { media } = message;
  if (isPassing(message)) return <PassingCover message={message} />;
  // The cast is safe: the entry of each kind takes media of that kind.
  return media === undefined ? file(message) : (SHOWN[media.kind] as (message: Message, media: Media) => VNode | null)(message, media);
};

/** What the messages of one bubble have beside their texts. */
export const MediaOfRow: FunctionComponent<{ messages: readonly Message[] }> = ({ messages }) => {
  const [first] = messages;
  if (messages.length === 1 && first) return <MediaContent message={first} />;
  return <AlbumGrid messages={messages} />;
};
