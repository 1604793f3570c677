import type { DocumentRole, LocalFile, MessageId, PeerId } from '../models.ts';
import type { NewAnswer, NewPoll, Voter } from '../polls.ts';
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
  /** Uploads a file that will stand in a poll of a chat. The page has named it; how far it has come is told by `progress` under this name. @returns as what the server takes it */
  'polls.upload': { say: { upload: string; peer: PeerId; file: LocalFile }; get: 'photo' | DocumentRole };
  /** Gives up a file that was uploaded, or is on its way. */
  'polls.dropUpload': { say: { upload: string }; get: void };
  'polls.send': { say: Omit<OutgoingMessage, 'text' | 'entities' | 'files'> & { poll: NewPoll }; get: void };
  /** Without options, the vote is taken back. */
  'polls.vote': { say: { peer: PeerId; message: MessageId; options: string[] }; get: void };
  'polls.close': { say: { peer: PeerId; message: MessageId }; get: void };
  'polls.addAnswer': { say: { peer: PeerId; message: MessageId; answer: NewAnswer }; get: void };
  'polls.deleteAnswer': { say: { peer: PeerId; message: MessageId; option: string }; get: void };
  /** Those who have voted for an answer, the last one first. @param offset `next` of the page before */
  'polls.voters': { say: { peer: PeerId; message: MessageId; option: string; offset?: string }; get: { voters: Voter[]; next?: string } };
}
