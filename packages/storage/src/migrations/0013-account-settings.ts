import type { Migration } from './migration.ts';

/**
 * What log-in, settings and limits of accounts had no place for: an e-mail address that is shown before the number is
 * proved and becomes the account's with the log-in; how often a code went out; to whom a user wrote first and had no
 * answer; settings that the user's apps share.
 */
export const migration: Migration = {
  number: 13,
  subject: 'account-settings',
  statements: [
    `
ALTER TABLE login_codes ADD COLUMN setup_email text, ADD COLUMN sent int NOT NULL DEFAULT 1;

CREATE TABLE first_contacts (
  owner_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  date int NOT NULL,
  PRIMARY KEY (owner_id, peer_id)
);
CREATE INDEX first_contacts_date ON first_contacts (date);

ALTER TABLE user_settings ADD COLUMN main_tab text;

CREATE TABLE app_settings (
  owner_id int8 NOT NULL,
  kind text NOT NULL,
  peer_id int8 NOT NULL,
  settings bytea NOT NULL,
  PRIMARY KEY (owner_id, kind, peer_id)
);
`,
  ],
};
