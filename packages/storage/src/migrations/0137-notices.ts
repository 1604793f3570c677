import type { Migration } from './migration.ts';

/**
 * Devices that get notices while their app is closed. Rows of the table from before are deleted, because they were not sealed and nothing was ever sent:
 * apps register again at their next start. The table itself stays while programs of the release before may run beside this one. After how many seconds an app locks itself belongs to the device, not to one of its tokens.
 */
export const migration: Migration = {
  number: 137,
  subject: 'notices',
  statements: [
    'ALTER TABLE authorizations ADD COLUMN lock_period int',
    `UPDATE authorizations AS a SET lock_period = p.locked_period FROM push_devices AS p
      WHERE p.user_id = a.user_id AND p.auth_key_id = a.auth_key_id AND p.locked_period IS NOT NULL`,
    'DELETE FROM push_devices',
    `
CREATE TABLE notice_devices (
  user_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  token_type int NOT NULL,
  token_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  sandbox bool NOT NULL,
  no_muted bool NOT NULL,
  registered_date int NOT NULL,
  failing_since int,
  PRIMARY KEY (user_id, auth_key_id, token_type)
);
CREATE INDEX notice_devices_token ON notice_devices (token_type, token_hash);

CREATE TABLE notice_marks (
  owner_id int8 PRIMARY KEY,
  pushed_pts int NOT NULL,
  walk_to int,
  walk_after int8
) WITH (fillfactor = 70);

CREATE TABLE notice_followers (
  channel_id int8 NOT NULL,
  owner_id int8 NOT NULL,
  PRIMARY KEY (channel_id, owner_id)
);
CREATE INDEX notice_followers_owner ON notice_followers (owner_id);

CREATE TABLE device_notices (
  owner_id int8 NOT NULL,
  auth_key_id int8 NOT NULL,
  token_type int NOT NULL,
  peer_id int8 NOT NULL,
  msg_id int NOT NULL,
  pts int NOT NULL,
  date int NOT NULL,
  due_ms int8 NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  sent_date int,
  PRIMARY KEY (owner_id, auth_key_id, token_type, peer_id, msg_id)
) WITH (fillfactor = 70);
CREATE INDEX device_notices_due ON device_notices (due_ms);
`,
  ],
};
