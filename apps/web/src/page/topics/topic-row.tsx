import type { FunctionComponent } from 'preact';
import BellOff from 'lucide-static/icons/bell-off.svg';
import Check from 'lucide-static/icons/check.svg';
import CheckCheck from 'lucide-static/icons/check-check.svg';
import Clock from 'lucide-static/icons/clock.svg';
import EyeOff from 'lucide-static/icons/eye-off.svg';
import Lock from 'lucide-static/icons/lock.svg';
import Pin from 'lucide-static/icons/pin.svg';
import type { MessageId, TopicItem } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { topicAddress } from '../ground/route.ts';
import { formatShort } from '../parts/dates.ts';
import { openMenu } from '../parts/menu.tsx';
import { useMenuGestures } from '../parts/menu-gestures.ts';
import { authorName } from '../parts/names.tsx';
import { OnlyRead } from '../parts/only-read.tsx';
import { describeSnippet } from '../parts/snippet.ts';
import { t } from '../ground/text.ts';
import { UnseenBadges, UnseenWords } from '../parts/unseen.tsx';
import { TopicIcon } from '../topic-marks/topic-icon.tsx';
import { topicMenu } from './topic-menu.ts';

/** Whether the newest message was sent from here, and how far it came. */
const OwnState: FunctionComponent<{ item: TopicItem }> = ({ item: { topic, top } }) => {
  if (!top?.isOut || top.service) return null;
  if (top.state) return <Clock />;
  return top.id <= topic.readOutboxId ? <CheckCheck /> : <Check />;
};

const Preview: FunctionComponent<{ item: TopicItem }> = ({ item: { topic, top } }) => {
  if (topic.draft) {
    return (
      <>
        <span class="draft">{t('draft')}</span> {topic.draft.text}
      </>
    );
  }
  if (!top) return null;
  return (
    <>
      {!top.service && top.from !== topic.peer && <span class="author">{authorName(top.from)}: </span>}
      {describeSnippet(top)}
    </>
  );
};

/** Signs beside the title of a topic, with the words that a screen reader says. */
const Signs: FunctionComponent<{ item: TopicItem }> = ({ item: { topic, isMuted } }) => (
  <>
    {topic.isClosed && (
      <>
        <Lock />
        <OnlyRead>, {t('closedTopic')}</OnlyRead>
      </>
    )}
    {topic.isHidden && (
      <>
        <EyeOff />
        <OnlyRead>, {t('hiddenTopic')}</OnlyRead>
      </>
    )}
    {topic.pinned !== undefined && <OnlyRead>, {t('pinnedChat')}</OnlyRead>}
    {isMuted && (
      <>
        <BellOff />
        <OnlyRead>, {t('muted')}</OnlyRead>
      </>
    )}
  </>
);

/** One topic in the list. Its name for screen readers is what it shows, so it begins with the title and ends with what is unread. */
export const TopicRow: FunctionComponent<{ item: TopicItem; hasTabStop: boolean; pins: MessageId[] }> = ({ item, hasTabStop, pins }) => {
  const { topic, isMuted } = item;
  const peer = peerSignal(topic.peer).value;
  const unread = topic.unread > 0 ? t('unread', { n: topic.unread }) : undefined;
  const gestures = useMenuGestures((place) => openMenu({ items: topicMenu({ item, peer, pins }), label: t('more'), place }));
  return (
    <a class="chat-row topic-row" href={topicAddress(topic.peer, topic.id)} {...gestures} tabIndex={hasTabStop ? 0 : -1} draggable={false}>
      <TopicIcon topic={topic} />
      <span class="chat-row-title">
        <bdi>{topic.title}</bdi>
        <Signs item={item} />
      </span>
      <span class="chat-row-date">
        <OwnState item={item} />
        {topic.date > 0 && formatShort(topic.date)}
      </span>
      <span class="chat-row-text" dir="auto">
        <Preview item={item} />
        <UnseenWords of={topic} />
        {unread !== undefined && <OnlyRead>, {unread}</OnlyRead>}
      </span>
      <span class="chat-row-marks" aria-hidden="true">
        <UnseenBadges of={topic} />
        {unread !== undefined ? <span class={`badge${isMuted ? ' badge-muted' : ''}`}>{topic.unread}</span> : topic.pinned !== undefined && <Pin />}
      </span>
    </a>
  );
};
