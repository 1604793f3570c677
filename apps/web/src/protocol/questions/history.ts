import type { MessageId, PeerId } from '../models.ts';

/** Windows of messages. */
export interface HistoryQuestions {
  'history.older': { say: { view: number }; get: void };
  'history.newer': { say: { view: number }; get: void };
  /** Moves the window. Without a target it goes to the newest messages. */
  'history.jump': { say: { view: number; message?: MessageId; date?: number }; get: void };
  'history.read': { say: { peer: PeerId; upTo: MessageId }; get: void };
}
