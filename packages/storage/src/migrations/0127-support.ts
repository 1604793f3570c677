import type { Migration } from './migration.ts';

/** Accounts that the operator marks as support, and what these note about people. */
export const migration: Migration = {
  number: 127,
  subject: 'support',
  statements: [
    'ALTER TABLE users ADD COLUMN gives_support boolean NOT NULL DEFAULT false',
    'CREATE INDEX users_giving_support ON users (user_id) WHERE gives_support',
    `CREATE TABLE user_infos (
       -- Whom it is about.
       user_id bigint PRIMARY KEY,
       author_id bigint NOT NULL,
       info bytea NOT NULL
     )`,
  ],
};
