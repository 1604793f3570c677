import type { Migration } from './migration.ts';

/**
 * Gives the events that have a qts their number in the log, so that a difference finds them from the qts of the client on; and notes who has stopped a bot. `stop_seq`
 * is the position in the person's box of the block or its end that was applied last.
 */
export const migration: Migration = {
  number: 91,
  subject: 'qts',
  statements: [
    'ALTER TABLE update_log ADD COLUMN qts integer NOT NULL DEFAULT 0',
    'CREATE INDEX update_log_by_qts ON update_log (owner_id, qts) WHERE qts > 0',
    'ALTER TABLE bot_users ADD COLUMN stopped boolean NOT NULL DEFAULT false, ADD COLUMN stop_seq integer NOT NULL DEFAULT 0',
  ],
};
