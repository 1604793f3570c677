import type { Migration } from './migration.ts';

/** Two-step verification, codes by e-mail, device settings, and the deletion of accounts. */
export const migration: Migration = {
  number: 4,
  subject: 'security',
  statements: [
    `
ALTER TABLE auth_keys
  ADD COLUMN pending_user_id int8,
  ADD COLUMN pending_date int,
  ADD COLUMN pending_hash int8,
  ADD COLUMN pending_address text NOT NULL DEFAULT '',
  ADD COLUMN deactivated bool NOT NULL DEFAULT false;

CREATE INDEX auth_keys_pending ON auth_keys (pending_user_id, pending_date) WHERE pending_user_id IS NOT NULL;

ALTER TABLE authorizations
  ADD COLUMN unconfirmed bool NOT NULL DEFAULT false,
  ADD COLUMN encrypted_requests_disabled bool NOT NULL DEFAULT false,
  ADD COLUMN call_requests_disabled bool NOT NULL DEFAULT false;

ALTER TABLE login_codes
  ADD COLUMN purpose text NOT NULL DEFAULT 'login',
  ADD COLUMN way text NOT NULL DEFAULT 'sms';

CREATE TABLE passwords (
  user_id int8 PRIMARY KEY,
  salt1 bytea NOT NULL,
  salt2 bytea NOT NULL,
  verifier bytea NOT NULL,
  hint text NOT NULL,
  email text,
  changed_date int NOT NULL,
  reset_date int,
  reset_declined_date int
);

CREATE TABLE unconfirmed_passwords (
  user_id int8 PRIMARY KEY,
  salt1 bytea,
  salt2 bytea,
  verifier bytea,
  hint text NOT NULL DEFAULT '',
  email text NOT NULL
);

CREATE TABLE password_guesses (
  user_id int8 NOT NULL,
  logging_in bool NOT NULL,
  guesses int NOT NULL,
  since_date int NOT NULL,
  PRIMARY KEY (user_id, logging_in)
) WITH (fillfactor = 70);

CREATE TABLE srp_challenges (
  user_id int8 NOT NULL,
  srp_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  secret bytea NOT NULL,
  shown bytea NOT NULL,
  created_date int NOT NULL,
  proof_hash bytea,
  PRIMARY KEY (user_id, srp_id)
) WITH (fillfactor = 70);
CREATE INDEX srp_challenges_created ON srp_challenges (created_date);

CREATE TABLE email_codes (
  owner text COLLATE "C" NOT NULL,
  purpose text NOT NULL,
  email text NOT NULL,
  code text NOT NULL,
  guesses int NOT NULL DEFAULT 0,
  sent int NOT NULL DEFAULT 1,
  since_date int NOT NULL,
  sent_date int NOT NULL,
  expires_date int NOT NULL,
  PRIMARY KEY (owner, purpose)
) WITH (fillfactor = 70);
CREATE INDEX email_codes_sent ON email_codes (sent_date);

CREATE TABLE tmp_passwords (
  user_id int8 NOT NULL,
  token_hash bytea NOT NULL,
  expires_date int NOT NULL,
  PRIMARY KEY (user_id, token_hash)
);

CREATE TABLE banned_phones (
  phone text COLLATE "C" PRIMARY KEY,
  banned_date int NOT NULL
);

CREATE TABLE push_devices (
  user_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  token_type int4 NOT NULL,
  token text NOT NULL,
  secret bytea NOT NULL,
  sandbox bool NOT NULL,
  no_muted bool NOT NULL,
  locked_period int4,
  registered_date int4 NOT NULL,
  PRIMARY KEY (user_id, auth_key_id, token_type)
);

CREATE TABLE passkeys (
  user_id int8 NOT NULL,
  credential_id text COLLATE "C" NOT NULL,
  public_key bytea NOT NULL,
  counter int8 NOT NULL,
  name text NOT NULL,
  created_date int NOT NULL,
  last_usage_date int,
  PRIMARY KEY (user_id, credential_id)
);

CREATE TABLE passkey_challenges (
  challenge text COLLATE "C" PRIMARY KEY,
  auth_key_id int8 NOT NULL,
  user_id int8,
  created_date int NOT NULL
);
CREATE INDEX passkey_challenges_created ON passkey_challenges (created_date);

CREATE TABLE account_security (
  user_id int8 PRIMARY KEY,
  account_ttl_days int NOT NULL DEFAULT 548,
  authorization_ttl_days int NOT NULL DEFAULT 183,
  login_email text,
  login_email_reset_date int,
  deletion_date int,
  deletion_hash text
);
CREATE INDEX account_security_deletion ON account_security (deletion_date) WHERE deletion_date IS NOT NULL;
CREATE INDEX account_security_deletion_hash ON account_security (deletion_hash) WHERE deletion_hash IS NOT NULL;
`,
  ],
};
