import type { Migration } from './migration.ts';

/**
 * Gives the events that have a qts their number in the log, so that a difference finds them from the qts of the client on; and notes who has stopped a bot. `stop_seq`
 * is the position in the person's box of the block or its end that was applied last. `bot_effects` is the outbox of updates that jobs move into the boxes of bots.
 */
export const migration: Migration = {
  number: 95,
  subject: 'qts',
  statements: [
    'ALTER TABLE update_log ADD COLUMN qts integer NOT NULL DEFAULT 0',
    'CREATE INDEX update_log_by_qts ON update_log (owner_id, qts) WHERE qts > 0',
    `CREATE TABLE bot_effects (
      effect_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      bot_id bigint NOT NULL,
      payload bytea NOT NULL
    )`,
    'CREATE INDEX bot_effects_of_bot ON bot_effects (bot_id, effect_id)',
    'ALTER TABLE bot_users ADD COLUMN stopped boolean NOT NULL DEFAULT false, ADD COLUMN stop_seq integer NOT NULL DEFAULT 0',
  ],
};
