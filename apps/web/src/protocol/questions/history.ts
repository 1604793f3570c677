import type { MessageId, PeerId } from '../models.ts';
import type { Position } from '../position.ts';

/** What counts apart until it was seen. */
export type UnseenKind = 'mentions' | 'reactions' | 'votes';

/** Windows of messages. */
export interface HistoryQuestions {
  'history.older': { say: { view: number }; get: void };
  'history.newer': { say: { view: number }; get: void };
  /** Moves the window. Without a target it goes to the newest messages. */
  'history.jump': { say: { view: number; message?: Position; date?: number }; get: void };
  /** Moves the window to the oldest mention, or the oldest message with a reaction or a vote, that was not seen. */
  'history.nextUnseen': { say: { view: number; kind: UnseenKind }; get: void };
  /** `thread`: reads this thread only. */
  'history.read': { say: { peer: PeerId; upTo: MessageId; thread?: MessageId }; get: void };
  /** Notes that messages were seen: mentions, reactions, votes, and posts whose views are counted. */
  'history.see': { say: { peer: PeerId; messages: MessageId[] }; get: void };
  /** Asks for reactions to messages, and for results of their polls: updates of these are not kept for those who were away. */
  'history.freshen': { say: { peer: PeerId; messages: MessageId[] }; get: void };
  /** Asks how many comments posts have, of which no update tells. */
  'history.countReplies': { say: { peer: PeerId; messages: MessageId[] }; get: void };
  /** Asks what is new in a thread whose group the account is not in, so that no update tells it. */
  'thread.refresh': { say: { view: number }; get: void };
  /** Marks all mentions, reactions or votes as seen, in a chat or in one of its threads or topics. */
  'history.seeAll': { say: { peer: PeerId; thread?: MessageId; kind: UnseenKind }; get: void };
}
