import type { Migration } from './migration.ts';

/** People whom a company's OpenID Connect provider names, their log-ins under way, what they have open at /enter, and what logs the web client in. */
export const migration: Migration = {
  number: 125,
  subject: 'company accounts',
  statements: [
    `CREATE TABLE company_accounts (
       issuer text NOT NULL, subject text NOT NULL, user_id bigint NOT NULL UNIQUE, email text, state text NOT NULL,
       created_date integer NOT NULL, entered_date integer NOT NULL,
       sealed_token bytea, token_seq integer NOT NULL DEFAULT 0, checked_date integer NOT NULL, next_check_date integer, trying_date integer, banned_phone text,
       PRIMARY KEY (issuer, subject))`,
    'CREATE INDEX company_accounts_due ON company_accounts (next_check_date) WHERE next_check_date IS NOT NULL',
    `CREATE TABLE company_attempts (
       state_hash bytea PRIMARY KEY, browser_hash bytea NOT NULL, nonce text NOT NULL, verifier text NOT NULL, web_secret_hash bytea, created_date integer NOT NULL)`,
    'CREATE INDEX company_attempts_created ON company_attempts (created_date)',
    'CREATE INDEX company_attempts_of_browser ON company_attempts (browser_hash)',
    'CREATE TABLE company_sessions (session_hash bytea PRIMARY KEY, user_id bigint NOT NULL, created_date integer NOT NULL)',
    'CREATE INDEX company_sessions_of_user ON company_sessions (user_id)',
    `CREATE TABLE company_web_tokens (
       token_hash bytea PRIMARY KEY, secret_hash bytea NOT NULL, user_id bigint NOT NULL, auth_key_id bigint, created_date integer NOT NULL)`,
    'CREATE INDEX company_web_tokens_of_user ON company_web_tokens (user_id)',
  ],
};
