import type { Migration } from './migration.ts';

/** Accounts that may use the admin page, their sessions there, who of them did what, and the indexes by which they find people. */
export const migration: Migration = {
  number: 126,
  subject: 'admins',
  statements: [
    'CREATE TABLE admins (user_id bigint PRIMARY KEY, granted_date integer NOT NULL)',
    `CREATE TABLE admin_log_ins (
       token_hash bytea PRIMARY KEY,
       phone text NOT NULL,
       auth_key_id bigint NOT NULL,
       user_id bigint,
       tries integer NOT NULL DEFAULT 0,
       has_code boolean NOT NULL DEFAULT false,
       created_date integer NOT NULL
     )`,
    'CREATE INDEX admin_log_ins_by_phone ON admin_log_ins (phone, created_date)',
    'CREATE INDEX admin_log_ins_by_user ON admin_log_ins (user_id) WHERE user_id IS NOT NULL',
    'CREATE INDEX admin_log_ins_created ON admin_log_ins (created_date)',
    `CREATE TABLE admin_sessions (
       token_hash bytea PRIMARY KEY,
       user_id bigint NOT NULL,
       password_version text NOT NULL,
       address text NOT NULL,
       created_date integer NOT NULL,
       used_date integer NOT NULL
     )`,
    'CREATE INDEX admin_sessions_by_user ON admin_sessions (user_id, created_date)',
    'CREATE INDEX admin_sessions_created ON admin_sessions (created_date)',
    'ALTER TABLE operator_log ADD COLUMN by_user_id bigint',
    'CREATE INDEX users_by_phone ON users (phone) WHERE phone IS NOT NULL',
    'CREATE INDEX users_newest ON users (created_date DESC, user_id DESC) WHERE phone IS NOT NULL AND NOT support',
    `CREATE INDEX users_by_first_name ON users (lower(first_name) COLLATE "C", user_id) WHERE NOT deleted`,
    `CREATE INDEX users_by_last_name ON users (lower(last_name) COLLATE "C", user_id) WHERE NOT deleted AND last_name <> ''`,
  ],
};
