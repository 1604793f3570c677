import type { Database } from '@aerogram/storage';

import type { ReachQuestions } from './ask-reach.ts';

/** What deciding about notices needs. */
export interface DecideDeps {
  db: Database;
  nowMs(): number;
  questions: Pick<ReachQuestions, 'ask'>;
}
