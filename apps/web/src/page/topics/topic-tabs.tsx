import type { FunctionComponent } from 'preact';
import Plus from 'lucide-static/icons/plus.svg';
import type { MessageId, PeerId, TopicItem, TopicsView } from '../../protocol/index.ts';
import { ask, type OpenView, peerSignal } from '../ground/link.ts';
import { chatAddress, go, topicAddress } from '../ground/route.ts';
import { OnlyRead } from '../parts/only-read.tsx';
import { type Tab, Tabs } from '../parts/tabs.tsx';
import { t } from '../ground/text.ts';
import { TopicIcon } from '../topic-marks/topic-icon.tsx';
import { createTopic } from './topic-dialog.tsx';

/** The tab of all messages. */
const ALL = 0;

function tabOf({ topic, isMuted }: TopicItem): Tab<MessageId> {
  return {
    id: topic.id,
    title: (
      <>
        <TopicIcon topic={topic} isSmall />
        <span>
          <bdi>{topic.title}</bdi>
          {topic.isClosed && <OnlyRead>, {t('closedTopic')}</OnlyRead>}
          {topic.mentions > 0 && <OnlyRead>, {t('mentioned')}</OnlyRead>}
          {topic.unread > 0 && <OnlyRead>, {t('unread', { n: topic.unread })}</OnlyRead>}
        </span>
        {topic.unread > 0 && (
          <span class={`badge badge-small${isMuted ? ' badge-muted' : ''}`} aria-hidden="true">
            {topic.mentions > 0 ? '@' : topic.unread}
          </span>
        )}
      </>
    ),
  };
}

/** Topics as tabs above a history; the first one shows all messages. */
export const TopicTabs: FunctionComponent<{ peer: PeerId; view: OpenView<'topics'>; chosen?: MessageId }> = ({ peer, view, chosen = ALL }) => {
  const { order = [], items = {}, hasMore }: Partial<TopicsView> = view.state.value;
  const { isMember, rights } = peerSignal(peer).value ?? {};
  const tabs: Tab<MessageId>[] = [{ id: ALL, title: <span>{t('allTopics')}</span> }, ...order.flatMap((id) => (items[id] ? [tabOf(items[id])] : []))];
  const open = (id: MessageId): void => go(id === ALL ? chatAddress(peer) : topicAddress(peer, id), true);
  const onScroll = ({ currentTarget: { scrollLeft, clientWidth, scrollWidth } }: { currentTarget: HTMLElement }): void => {
    if (hasMore && Math.abs(scrollLeft) + clientWidth > scrollWidth - clientWidth) void ask('topics.more', { view: view.id }).catch(() => undefined);
  };
  return (
    <div class="topic-tabs" onScrollCapture={(event) => event.target instanceof HTMLElement && onScroll({ currentTarget: event.target })}>
      <Tabs label={t('topics')} tabs={tabs} chosen={chosen} onChoose={open} />
      {isMember && rights?.createTopics && (
        <button class="round" type="button" aria-label={t('newTopic')} onClick={() => void createTopic(peer)}>
          <Plus />
        </button>
      )}
    </div>
  );
};
