import type { Migration } from './migration.ts';

/** Links by which people invite themselves, and the forms that were sent on their pages, for a repeat of the same form. */
export const migration: Migration = {
  number: 128,
  subject: 'invitation links',
  statements: [
    `CREATE TABLE invitation_links (
       link_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
       token_hash bytea NOT NULL UNIQUE,
       uses integer NOT NULL,
       uses_left integer NOT NULL CHECK (uses_left >= 0),
       by_user_id bigint,
       created_date integer NOT NULL,
       expires_date integer NOT NULL
     )`,
    `CREATE TABLE invitation_forms (
       link_id bigint NOT NULL REFERENCES invitation_links ON DELETE CASCADE,
       form_hash bytea NOT NULL,
       given_phone text,
       sent_date integer NOT NULL,
       PRIMARY KEY (link_id, form_hash)
     )`,
    'CREATE INDEX invitation_forms_sent ON invitation_forms (sent_date)',
    'ALTER TABLE invitations ADD COLUMN link_id bigint',
  ],
};
