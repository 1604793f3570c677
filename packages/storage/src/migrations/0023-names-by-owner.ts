import type { Migration } from './migration.ts';

/** Indexes that find the phone numbers, usernames and contact links of one user. Ending an account and changing its number use them. */
export const migration: Migration = {
  number: 23,
  subject: 'names-by-owner',
  statements: [
    `
CREATE INDEX phones_by_user ON phones (user_id);
CREATE INDEX usernames_by_peer ON usernames (peer_id);
CREATE INDEX contact_tokens_by_user ON contact_tokens (user_id, expires_date);
`,
  ],
};
