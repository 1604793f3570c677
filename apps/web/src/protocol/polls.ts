// What is said of polls beside what their messages show.
import type { PeerId, UnixTime } from './models.ts';

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
