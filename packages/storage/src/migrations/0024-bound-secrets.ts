import type { Migration } from './migration.ts';

/**
 * What each code, token and challenge is bound to: the key that asked (`auth_key_id`, `asked_by`), the state that it depends on
 * (`bound_to`), and whether a code reached its delivery service. Codes sent before this migration can no longer be used.
 */
export const migration: Migration = {
  number: 24,
  subject: 'bound-secrets',
  statements: [
    `
DELETE FROM email_codes;
ALTER TABLE email_codes
  DROP CONSTRAINT email_codes_pkey,
  ADD COLUMN auth_key_id int8 NOT NULL,
  ADD COLUMN bound_to text NOT NULL,
  ADD COLUMN delivered bool NOT NULL DEFAULT false,
  ADD PRIMARY KEY (owner, purpose, auth_key_id);

ALTER TABLE login_codes
  ADD COLUMN asked_by int8,
  ADD COLUMN bound_to text NOT NULL DEFAULT '',
  ADD COLUMN delivered bool NOT NULL DEFAULT false;
CREATE INDEX login_codes_by_asker ON login_codes (asked_by) WHERE asked_by IS NOT NULL;

DELETE FROM srp_challenges;

DELETE FROM unconfirmed_passwords;
ALTER TABLE unconfirmed_passwords ADD COLUMN auth_key_id int8 NOT NULL;

DELETE FROM tmp_passwords;
ALTER TABLE tmp_passwords ADD COLUMN auth_key_id int8 NOT NULL;

DELETE FROM contact_tokens;
ALTER TABLE contact_tokens ADD COLUMN auth_key_id int8 NOT NULL;

ALTER TABLE passwords ADD COLUMN reset_auth_key_id int8;
ALTER TABLE account_security ADD COLUMN deletion_auth_key_id int8;

ALTER TABLE authorizations ADD COLUMN with_password bool NOT NULL DEFAULT false;

CREATE INDEX passkey_challenges_by_key ON passkey_challenges (auth_key_id);
CREATE INDEX login_tokens_by_key ON login_tokens (auth_key_id);
`,
  ],
};
