import type { Migration } from './migration.ts';

/**
 * Log-in, settings and limits of accounts: a log-in e-mail address that is confirmed before the phone number and set at log-in; how often a
 * code was sent; to whom a user wrote first without getting a reply; settings shared by the user's apps.
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
