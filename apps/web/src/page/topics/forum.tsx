import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { GENERAL_TOPIC, isOldPosition, type MessageId, type PeerId, type Position } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress, go, topicAddress } from '../ground/route.ts';
import { ChatPage } from '../chats/chat-page.tsx';
import { nameOf } from '../parts/names.tsx';
import { useView } from '../ground/use-view.ts';
import { forumMenu } from './forum-menu.ts';
import { ForumPage } from './forum-page.tsx';
import { shownAs } from './shown-as.ts';
import { TopicsContext } from '../topic-marks/topic-label.tsx';
import { TopicPage } from './topic-page.tsx';
import { TopicTabs } from './topic-tabs.tsx';

/** Finds the topic of a message that an address names without one, and goes there. */
const GoToTopic: FunctionComponent<{ peer: PeerId; message: Position }> = ({ peer, message }) => {
  useEffect(() => {
    let isCurrent = true;
    // Messages of the basic group from which the forum was made stand in General.
    const finding = isOldPosition(message) ? Promise.resolve(GENERAL_TOPIC) : ask('topics.of', { peer, message });
    void finding
      .catch(() => undefined)
      .then((topic) => isCurrent && go(topic === undefined ? chatAddress(peer) : topicAddress(peer, topic, topic === message ? undefined : message), true));
    return () => void (isCurrent = false);
  }, [peer, message]);
  return <main class="chat" aria-label={nameOf(peerSignal(peer).value)} />;
};

/** A forum: the list of its topics, one of them, or all its messages, with the topics as tabs above them if there is room and somebody wants that. */
export const Forum: FunctionComponent<{ peer: PeerId; topic?: MessageId; message?: Position }> = ({ peer, topic, message }) => {
  const topics = useView('topics', { peer });
  const { asMessages } = topics.state.value;
  if (asMessages === undefined) return <main class="chat" aria-label={nameOf(peerSignal(peer).value)} />;
  const way = shownAs(peer, asMessages);
  const tabs = way === 'tabs' ? <TopicTabs peer={peer} view={topics} chosen={topic} /> : undefined;
  if (topic !== undefined) return <TopicPage key={topic} peer={peer} topic={topic} message={message} tabs={tabs} />;
  if (way !== 'list') {
    return (
      <TopicsContext.Provider value={topics}>
        <ChatPage peer={peer} message={message} tabs={tabs} added={forumMenu} />
      </TopicsContext.Provider>
    );
  }
  return message === undefined ? <ForumPage peer={peer} topics={topics} /> : <GoToTopic peer={peer} message={message} />;
};
