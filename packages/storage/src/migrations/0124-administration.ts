import type { Migration } from './migration.ts';

/** What operators decide about accounts and channels short of a ban: marks and limits; what they write to everybody, and when only reading is possible. */
export const migration: Migration = {
  number: 124,
  subject: 'administration',
  statements: [
    `ALTER TABLE users
       ADD COLUMN scam boolean NOT NULL DEFAULT false,
       ADD COLUMN fake boolean NOT NULL DEFAULT false,
       ADD COLUMN restriction_reason text,
       ADD COLUMN restriction_text text,
       -- Unix seconds; 0: not limited.
       ADD COLUMN limited_until integer NOT NULL DEFAULT 0,
       ADD COLUMN limit_reason text NOT NULL DEFAULT ''`,
    `ALTER TABLE channels
       ADD COLUMN verified boolean NOT NULL DEFAULT false,
       ADD COLUMN scam boolean NOT NULL DEFAULT false,
       ADD COLUMN fake boolean NOT NULL DEFAULT false,
       ADD COLUMN restriction_reason text,
       ADD COLUMN restriction_text text`,
    `CREATE TABLE kept_limits (
       -- Made of the phone number, which cannot be read from it.
       number_mac bytea PRIMARY KEY,
       limited_until integer NOT NULL,
       limit_reason text NOT NULL
     )`,
    `CREATE TABLE notices (
       notice_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       date integer NOT NULL,
       text text NOT NULL,
       -- Whom it is for; null: all accounts that exist when it is ordered.
       to_user_id bigint,
       -- How many accounts it is for, and how many have it.
       total integer NOT NULL,
       sent integer NOT NULL DEFAULT 0,
       -- Accounts up to this one have it.
       last_user_id bigint NOT NULL DEFAULT 0,
       done_date integer
     )`,
    `CREATE TABLE maintenance (
       -- There is one row at most.
       is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
       start_date integer NOT NULL,
       text text NOT NULL
     )`,
  ],
};
