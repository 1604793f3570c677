import type { Migration } from './migration.ts';

/** Keys of people who live in another data centre, and tokens of QR codes that lead from one data centre to another. */
export const migration: Migration = {
  number: 132,
  subject: 'keys elsewhere',
  statements: [
    `ALTER TABLE auth_keys
       ADD COLUMN elsewhere_user_id bigint,
       ADD COLUMN elsewhere_date integer`,
    `ALTER TABLE login_tokens
       ADD COLUMN moved_token bytea,
       ADD COLUMN authorization_hash bigint,
       ADD COLUMN acceptor_key_id bigint`,
  ],
};
