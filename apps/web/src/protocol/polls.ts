// Polls, as pages see them.
import type { FormattedText, PeerId, UnixTime } from './models.ts';

export interface PollAnswer {
  /** By which the server knows it, in hexadecimal digits. */
  option: string;
  text: string;
  /** Who has added it to a poll that others may extend. */
  addedBy?: PeerId;
  /** How many have chosen it; undefined while the account may not see that. */
  voters?: number;
  /** The account has chosen it. */
  isChosen?: boolean;
  /** It is a correct answer of a quiz, as far as the account may know. */
  isCorrect?: boolean;
}

export interface Poll {
  id: string;
  /** By which the server knows in which state the account knows it. */
  hash: string;
  question: string;
  answers: PollAnswer[];
  /** How many have voted. */
  total: number;
  isClosed?: boolean;
  /** Those who vote see who has voted for what. */
  isPublic?: boolean;
  isMultiple?: boolean;
  isQuiz?: boolean;
  /** Members of the group may add answers. */
  isOpen?: boolean;
  /** A vote cannot be changed or taken back. */
  isFinal?: boolean;
  isShuffled?: boolean;
  /** Nobody sees results before it is closed. */
  hidesResults?: boolean;
  /** The account has made it. */
  isOwn?: boolean;
  /** When it closes by itself. */
  closeDate?: UnixTime;
  /** Why the correct answers of a quiz are correct, as far as the account may know. */
  solution?: FormattedText;
  /** What is known is what everybody sees alike: it says nothing of the account. */
  isMin?: boolean;
}

/** A poll that is to be made. */
export interface NewPoll {
  question: string;
  answers: string[];
  /** Places of the correct answers; undefined if it is no quiz. */
  correct?: number[];
  solution?: string;
  isPublic: boolean;
  isMultiple: boolean;
  isOpen: boolean;
  hidesResults: boolean;
  /** After so many seconds it closes by itself. */
  period?: number;
}

/** Somebody who has voted. */
export interface Voter {
  peer: PeerId;
  date: UnixTime;
}
