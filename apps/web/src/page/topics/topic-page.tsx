import type { ComponentChildren, FunctionComponent } from 'preact';
import type { Chat, MessageId, PeerId, Topic } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { chatAddress } from '../ground/route.ts';
import { ChatPage } from '../chats/chat-page.tsx';
import { t } from '../ground/text.ts';
import { useView } from '../ground/use-view.ts';
import { TopicHeader } from './topic-header.tsx';

/** A topic as the history of a chat sees it: what is unread, read, and written and not sent. Pure. */
export const chatOfTopic = ({ peer, topId, date, unread, mentions, reactions, votes, readInboxId, readOutboxId, mutedUntil, draft }: Topic): Chat => ({
  peer,
  topId,
  date,
  unread,
  mentions,
  reactions,
  votes,
  readInboxId,
  readOutboxId,
  mutedUntil,
  draft,
});

interface TopicPageProps {
  peer: PeerId;
  topic: MessageId;
  message?: MessageId;
  /** The topics above the history. */
  tabs?: ComponentChildren;
}

/** An open topic of a forum. */
export const TopicPage: FunctionComponent<TopicPageProps> = ({ peer: id, topic, message, tabs }) => {
  const { item, typing = [], isGone } = useView('topic', { peer: id, topic }).state.value;
  const peer = peerSignal(id).value;
  if (isGone) {
    return (
      <main class="chat" aria-label={t('topicGone')}>
        <div class="chat-head">{tabs}</div>
        <div class="empty">
          <p>{t('topicGone')}</p>
          <p>
            <a href={chatAddress(id)}>{t('topics')}</a>
          </p>
        </div>
      </main>
    );
  }
  const mayWrite = !item?.topic.isClosed || peer?.rights.manageTopics === true || item.topic.isOwn === true;
  return (
    <ChatPage
      peer={id}
      message={message}
      tabs={tabs}
      thread={{
        id: topic,
        name: item?.topic.title ?? '',
        chat: item && chatOfTopic(item.topic),
        closed: mayWrite ? undefined : t('topicClosedText'),
        header: (onSearch) => <TopicHeader peer={id} topic={topic} item={item} typing={typing} hasList={tabs === undefined} onSearch={onSearch} />,
      }}
    />
  );
};
