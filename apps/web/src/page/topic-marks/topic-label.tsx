import { createContext, type FunctionComponent } from 'preact';
import { useContext } from 'preact/hooks';
import { GENERAL_TOPIC, type Message } from '../../protocol/index.ts';
import type { OpenView } from '../ground/link.ts';
import { topicAddress } from '../ground/route.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { t } from '../ground/text.ts';
import { TopicIcon } from './topic-icon.tsx';

/** The topics of the forum around a history. */
export const TopicsContext = createContext<OpenView<'topics'> | undefined>(undefined);

/** The topic of a message, where messages of all topics stand in one history. Pressed, it shows the topic. */
export const TopicLabel: FunctionComponent<{ message: Message }> = ({ message: { peer, topic: id = GENERAL_TOPIC } }) => {
  const open = useOpenChat();
  const topic = useContext(TopicsContext)?.state.value.items?.[id]?.topic;
  if (open.thread !== undefined || !topic) return null;
  return (
    <a class="topic-label" href={topicAddress(peer, id)} tabIndex={-1} aria-label={t('inTopic', { title: topic.title })}>
      <TopicIcon topic={topic} isSmall />
      <bdi>{topic.title}</bdi>
    </a>
  );
};
