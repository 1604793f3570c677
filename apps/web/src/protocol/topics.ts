import type { Draft, Message, MessageId, PeerId, Snippet, UnixTime } from './models.ts';

/** The topic that every forum has. It holds what is written outside of all other topics. */
export const GENERAL_TOPIC: MessageId = 1;

/** The topic to which a message of a forum belongs. What was written before the group was one belongs to General. Pure. */
export const topicOf = ({ topic, id, service }: Pick<Message, 'topic' | 'id' | 'service'>): MessageId => topic ?? (service?.kind === 'topicCreated' ? id : GENERAL_TOPIC);

/** A topic of a forum: a supergroup whose messages are divided by subject. */
export interface Topic {
  peer: PeerId;
  /** Id of the message with which it begins. */
  id: MessageId;
  title: string;
  /** Of its icon, as RGB. */
  colour: number;
  /** The custom emoji that is its icon. */
  icon?: string;
  /** Its newest message. */
  topId: MessageId;
  /** By which the list is sorted: that of the newest message or draft. */
  date: UnixTime;
  unread: number;
  mentions: number;
  /** Own messages with reactions that were not seen. */
  reactions?: number;
  /** Number of polls of the account with votes that it has not seen. */
  votes?: number;
  readInboxId: MessageId;
  readOutboxId: MessageId;
  /** Place among the pinned topics, from 0. */
  pinned?: number;
  isClosed?: boolean;
  /** It is not shown to those who may not manage topics. Only General can be hidden. */
  isHidden?: boolean;
  /** This account has created it. */
  isOwn?: boolean;
  /** Until when it is muted, if it has a setting of its own. */
  mutedUntil?: UnixTime;
  draft?: Draft;
}

/** A row of the list of topics. */
export interface TopicItem {
  topic: Topic;
  /** It is muted now, by itself or with its group. */
  isMuted: boolean;
  top?: Snippet;
}
