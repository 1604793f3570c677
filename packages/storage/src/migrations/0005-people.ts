import type { Migration } from './migration.ts';

/** Privacy, blocking, account settings, profile fields, search words of users, reports. */
export const migration: Migration = {
  number: 5,
  subject: 'people',
  statements: [
    `
ALTER TABLE users
  ADD COLUMN birthday_day int2,
  ADD COLUMN birthday_month int2,
  ADD COLUMN birthday_year int2,
  ADD COLUMN color int2,
  ADD COLUMN profile_color int2;

ALTER TABLE contacts
  DROP COLUMN shares_phone,
  ADD COLUMN close_friend bool NOT NULL DEFAULT false;

ALTER TABLE notify_settings
  ADD COLUMN sound bytea,
  ADD COLUMN stories_sound bytea,
  ADD COLUMN stories_hide_sender bool;

CREATE TABLE privacy_rules (
  owner_id int8 NOT NULL,
  key text COLLATE "C" NOT NULL,
  position int2 NOT NULL,
  kind text NOT NULL,
  ids int8[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (owner_id, key, position)
);

CREATE TABLE blocked_peers (
  owner_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  stories_only bool NOT NULL,
  created_date int NOT NULL,
  PRIMARY KEY (owner_id, peer_id, stories_only)
);

CREATE TABLE user_settings (
  user_id int8 PRIMARY KEY,
  keep_archived_unmuted bool NOT NULL DEFAULT false,
  keep_archived_folders bool NOT NULL DEFAULT false,
  hide_read_marks bool NOT NULL DEFAULT false,
  display_gifts_button bool NOT NULL DEFAULT false,
  disallowed_gifts int2 NOT NULL DEFAULT 0,
  contact_sign_up_silent bool NOT NULL DEFAULT false,
  top_peers_disabled bool NOT NULL DEFAULT false
);

CREATE TABLE hidden_peer_bars (
  owner_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  hidden_date int NOT NULL,
  PRIMARY KEY (owner_id, peer_id)
);

CREATE TABLE reports (
  owner_id int8 NOT NULL,
  report_id int8 NOT NULL,
  peer_id int8 NOT NULL,
  msg_ids int4[] NOT NULL DEFAULT '{}',
  reason text NOT NULL,
  comment text NOT NULL,
  created_date int NOT NULL,
  PRIMARY KEY (owner_id, report_id)
);

CREATE TABLE saved_contacts (
  owner_id int8 NOT NULL,
  phone text COLLATE "C" NOT NULL,
  first_name text NOT NULL,
  last_name text NOT NULL,
  created_date int NOT NULL,
  PRIMARY KEY (owner_id, phone)
);

CREATE TABLE contact_tokens (
  token_hash bytea PRIMARY KEY,
  user_id int8 NOT NULL,
  expires_date int NOT NULL
);
CREATE INDEX contact_tokens_expiring ON contact_tokens (expires_date);

CREATE TABLE top_peer_resets (
  owner_id int8 NOT NULL,
  category text NOT NULL,
  peer_id int8 NOT NULL,
  reset_date int NOT NULL,
  PRIMARY KEY (owner_id, category, peer_id)
);

CREATE TABLE user_words (
  user_id int8 NOT NULL,
  word text COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, word)
);
CREATE INDEX user_words_by_word ON user_words (word, user_id);

INSERT INTO user_words (user_id, word)
SELECT user_id, lower(username) FROM users WHERE username IS NOT NULL AND NOT deleted;
`,
  ],
};
