import type { Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import type { ReachQuestions } from './ask-reach.ts';

/** What deciding about notices needs. */
export interface DecideDeps {
  db: Database;
  clock: Pick<Clock, 'nowMs'>;
  questions: Pick<ReachQuestions, 'ask'>;
}
