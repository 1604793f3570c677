import type { MessageId, PeerId, UnixTime } from '../models.ts';

/** Topics of forums. */
export interface TopicQuestions {
  'topics.more': { say: { view: number }; get: void };
  /** The topic of a message of a forum; undefined if the message is gone. */
  'topics.of': { say: { peer: PeerId; message: MessageId }; get: MessageId | undefined };
  /** Divides a supergroup by topics, or puts it together again. `hasTabs`: topics are to be shown as tabs. */
  'topics.setForum': { say: { peer: PeerId; isForum: boolean; hasTabs: boolean }; get: void };
  /** Shows this account all messages of a forum in one history. */
  'topics.viewAsMessages': { say: { peer: PeerId; asMessages: boolean }; get: void };
  /** @param icon a custom emoji in place of the colour @returns the id of the new topic */
  'topics.create': { say: { peer: PeerId; title: string; colour: number; icon?: string }; get: MessageId };
  /** What is left out stays. @param icon a custom emoji; null takes it away */
  'topics.edit': { say: { peer: PeerId; topic: MessageId; title?: string; icon?: string | null }; get: void };
  'topics.setClosed': { say: { peer: PeerId; topic: MessageId; isClosed: boolean }; get: void };
  /** Hides General, or shows it again. */
  'topics.setHidden': { say: { peer: PeerId; isHidden: boolean }; get: void };
  'topics.setPinned': { say: { peer: PeerId; topic: MessageId; isPinned: boolean }; get: void };
  'topics.orderPinned': { say: { peer: PeerId; topics: MessageId[] }; get: void };
  /** Deletes a topic with all its messages, for everybody. */
  'topics.delete': { say: { peer: PeerId; topic: MessageId }; get: void };
  /** 0 lets a topic make itself heard even if its group is muted. */
  'topics.mute': { say: { peer: PeerId; topic: MessageId; until: UnixTime }; get: void };
}
