import type { MessageId, PeerId } from '../models.ts';
import type { NewPoll, Voter } from '../polls.ts';
import type { OutgoingMessage } from './messages.ts';

/** What the server lets polls be. */
export interface PollLimits {
  answers: number;
  /** Seconds. */
  period: number;
}

/** Polls. */
export interface PollQuestions {
  'polls.limits': { say: void; get: PollLimits };
  'polls.send': { say: Omit<OutgoingMessage, 'text' | 'entities' | 'files'> & { poll: NewPoll }; get: void };
  /** Without options, the vote is taken back. */
  'polls.vote': { say: { peer: PeerId; message: MessageId; options: string[] }; get: void };
  'polls.close': { say: { peer: PeerId; message: MessageId }; get: void };
  'polls.addAnswer': { say: { peer: PeerId; message: MessageId; text: string }; get: void };
  'polls.deleteAnswer': { say: { peer: PeerId; message: MessageId; option: string }; get: void };
  /** Those who have voted for an answer, the last one first. @param offset `next` of the page before */
  'polls.voters': { say: { peer: PeerId; message: MessageId; option: string; offset?: string }; get: { voters: Voter[]; next?: string } };
}
