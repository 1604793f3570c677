import type { Migration } from './migration.ts';

/** Keys, authorisations, log-in codes, users, directories of phone numbers and usernames, contacts, notification settings. */
export const migration: Migration = {
  number: 2,
  subject: 'accounts',
  statements: [
    `
CREATE TABLE secret_keys (
  name text NOT NULL,
  version int NOT NULL,
  bytes bytea NOT NULL,
  created_date int NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE TABLE auth_keys (
  auth_key_id int8 PRIMARY KEY,
  auth_key bytea NOT NULL,
  kind int2 NOT NULL,
  dc_id int2 NOT NULL,
  media bool NOT NULL,
  test bool NOT NULL,
  created_date int NOT NULL,
  expires_date int,
  perm_auth_key_id int8,
  user_id int8,
  revoked_date int,
  layer int2,
  api_id int,
  device_model text NOT NULL DEFAULT '',
  system_version text NOT NULL DEFAULT '',
  app_version text NOT NULL DEFAULT '',
  system_lang_code text NOT NULL DEFAULT '',
  lang_pack text NOT NULL DEFAULT '',
  lang_code text NOT NULL DEFAULT ''
);
CREATE INDEX auth_keys_bound ON auth_keys (perm_auth_key_id) WHERE perm_auth_key_id IS NOT NULL;
CREATE INDEX auth_keys_expiring ON auth_keys (expires_date) WHERE expires_date IS NOT NULL;

CREATE TABLE authorizations (
  user_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  hash int8 NOT NULL,
  created_date int NOT NULL,
  active_date int NOT NULL,
  address text NOT NULL,
  main_auth_key_id int8,
  PRIMARY KEY (user_id, auth_key_id)
) WITH (fillfactor = 70);

CREATE TABLE login_codes (
  phone text NOT NULL,
  code_hash text NOT NULL,
  auth_key_id int8 NOT NULL,
  code text NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  created_date int NOT NULL,
  expires_date int NOT NULL,
  accepted_date int,
  user_id int8,
  cancelled bool NOT NULL DEFAULT false,
  PRIMARY KEY (phone, code_hash)
) WITH (fillfactor = 70);
CREATE INDEX login_codes_created ON login_codes (created_date);

CREATE TABLE exported_authorizations (
  user_id int8 NOT NULL,
  token_hash bytea NOT NULL,
  auth_key_id int8 NOT NULL,
  dc_id int2 NOT NULL,
  expires_date int NOT NULL,
  used_auth_key_id int8,
  PRIMARY KEY (user_id, token_hash)
);

CREATE TABLE login_tokens (
  token_hash bytea PRIMARY KEY,
  auth_key_id int8 NOT NULL,
  address text NOT NULL,
  except_ids int8[] NOT NULL,
  expires_date int NOT NULL,
  accepted_user_id int8
);
CREATE INDEX login_tokens_expiring ON login_tokens (expires_date);

CREATE SEQUENCE user_seq AS int8;

CREATE TABLE users (
  user_id int8 PRIMARY KEY,
  phone text,
  first_name text NOT NULL,
  last_name text NOT NULL DEFAULT '',
  username text,
  about text NOT NULL DEFAULT '',
  bot bool NOT NULL DEFAULT false,
  verified bool NOT NULL DEFAULT false,
  support bool NOT NULL DEFAULT false,
  deleted bool NOT NULL DEFAULT false,
  created_date int NOT NULL,
  online_date int NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

CREATE TABLE phones (
  phone text COLLATE "C" PRIMARY KEY,
  user_id int8 NOT NULL,
  confirmed bool NOT NULL DEFAULT false,
  reserved_date int NOT NULL
);

CREATE TABLE usernames (
  name text COLLATE "C" PRIMARY KEY,
  peer_id int8 NOT NULL,
  confirmed bool NOT NULL DEFAULT false,
  reserved_date int NOT NULL
);

CREATE TABLE contacts (
  owner_id int8 NOT NULL,
  user_id int8 NOT NULL,
  phone text NOT NULL DEFAULT '',
  first_name text NOT NULL,
  last_name text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  mutual bool NOT NULL DEFAULT false,
  shares_phone bool NOT NULL DEFAULT false,
  created_date int NOT NULL,
  PRIMARY KEY (owner_id, user_id)
);
CREATE INDEX contacts_reverse ON contacts (user_id, owner_id);

CREATE TABLE notify_settings (
  owner_id int8 NOT NULL,
  scope text NOT NULL,
  peer_id int8 NOT NULL,
  show_previews bool,
  silent bool,
  mute_until int,
  stories_muted bool,
  PRIMARY KEY (owner_id, scope, peer_id)
);
`,
  ],
};
