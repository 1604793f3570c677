// Row types of migration 0125-company-accounts: people whom a company's OpenID Connect provider names.
import type { Generated } from 'kysely';

/** The account of a person whom a provider names. */
export interface CompanyAccountsTable {
  /** The address of the provider, as it names itself. */
  issuer: string;
  subject: string;
  user_id: bigint;
  /** The login e-mail that the account has because the provider named it. */
  email: string | null;
  /**
   * `ended`: the provider said that the person may not log in any more. `unsure`: it said so of a refresh token that may have been replaced by one
   * that was lost, so the person has to log in again before codes go anywhere else than to /enter.
   */
  state: 'in' | 'unsure' | 'ended';
  created_date: number;
  /** When the person last logged in at the provider. */
  entered_date: number;
  /** The refresh token, encrypted with a master key; null: there is none. */
  sealed_token: Uint8Array | null;
  /** Counts the refresh tokens, so that the answer to an old one changes nothing. */
  token_seq: Generated<number>;
  /** When the provider last said that the person may log in. */
  checked_date: number;
  /** null: the person is not checked. */
  next_check_date: number | null;
  /** When the refresh token was last used without an answer that is known; null: the last answer is known. */
  trying_date: number | null;
  /** The number of a deleted account that was banned: as long as it is, the person gets no other account. */
  banned_phone: Generated<string | null>;
}

/** A log-in that a browser has begun at the provider. */
export interface CompanyAttemptsTable {
  state_hash: Uint8Array;
  /** Of the cookie of the browser. */
  browser_hash: Uint8Array;
  nonce: string;
  /** Of PKCE. */
  verifier: string;
  /** Of what the web client keeps until the browser comes back; null: the page at /enter is shown. */
  web_secret_hash: Uint8Array | null;
  created_date: number;
}

/** A browser that may see the log-in codes of a user at /enter. */
export interface CompanySessionsTable {
  /** Of its cookie. */
  session_hash: Uint8Array;
  user_id: bigint;
  created_date: number;
}

/** A token with which the web client logs in. */
export interface CompanyWebTokensTable {
  token_hash: Uint8Array;
  /** Of what only the web client that began the log-in knows. */
  secret_hash: Uint8Array;
  user_id: bigint;
  /** The key that has logged in with it. */
  auth_key_id: bigint | null;
  created_date: number;
}

export interface CompanyTables {
  company_accounts: CompanyAccountsTable;
  company_attempts: CompanyAttemptsTable;
  company_sessions: CompanySessionsTable;
  company_web_tokens: CompanyWebTokensTable;
}
