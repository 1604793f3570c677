import type { Migration } from './migration.ts';

/** What happened in supergroups and channels lately, for their admins. */
export const migration: Migration = {
  number: 47,
  subject: 'admin-log',
  statements: [
    // A new event has the sums of its predecessor plus its own, so that both limits of a log are checked by looking at its oldest rows only.
    `CREATE TABLE admin_log (
       channel_id bigint NOT NULL,
       event_id bigint NOT NULL,
       date integer NOT NULL,
       user_id bigint NOT NULL,
       subject_id bigint,
       filters integer NOT NULL,
       words text NOT NULL,
       entry bytea NOT NULL,
       bytes integer NOT NULL,
       rows_sum bigint NOT NULL,
       bytes_sum bigint NOT NULL,
       PRIMARY KEY (channel_id, event_id)
     )`,
    `CREATE INDEX admin_log_date ON admin_log (date)`,
  ],
};
