import type { PeerId } from '../models.ts';

/** What is done with rows of the list of chats. */
export interface ChatQuestions {
  'chats.more': { say: { view: number }; get: void };
  'chats.setPinned': { say: { peer: PeerId; isPinned: boolean }; get: void };
}
