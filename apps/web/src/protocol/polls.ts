// What is said of polls beside what their messages show.
import type { PeerId, UnixTime } from './models.ts';

/** An answer that is to be made. */
export interface NewAnswer {
  text: string;
  /** Names the file beside it, which was uploaded before. */
  file?: string;
}

/** A poll that is to be made. Its files were uploaded before, and are named. */
export interface NewPoll {
  question: string;
  /** The file above the question. */
  attached?: string;
  answers: NewAnswer[];
  /** Places of the correct answers; undefined if it is no quiz. */
  correct?: number[];
  solution?: string;
  solutionFile?: string;
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
