/** Row types of migration 0004-security: two-step verification, codes by e-mail, the account's end. */
import type { Generated } from 'kysely';

/** A cloud password, as far as the server knows it: the SRP verifier and the salts that the client derives it with. */
export interface PasswordsTable {
  user_id: bigint;
  salt1: Uint8Array;
  salt2: Uint8Array;
  verifier: Uint8Array;
  hint: string;
  /** The confirmed recovery address. */
  email: string | null;
  changed_date: number;
  /** From then on account.resetPassword removes the password. */
  reset_date: number | null;
  /** The key that asked for that; the request ends with its authorisation. */
  reset_auth_key_id: bigint | null;
  reset_declined_date: number | null;
}

/** A recovery address whose code has not come back yet, and the first password that waits for it. */
export interface UnconfirmedPasswordsTable {
  user_id: bigint;
  salt1: Uint8Array | null;
  salt2: Uint8Array | null;
  verifier: Uint8Array | null;
  hint: Generated<string>;
  email: string;
  /** The key that asked; the row ends with its authorisation. */
  auth_key_id: bigint;
}

/** Wrong passwords since a moment, those of devices that log in apart from those that are in. */
export interface PasswordGuessesTable {
  user_id: bigint;
  logging_in: boolean;
  guesses: number;
  since_date: number;
}

/** The server's half of one SRP exchange; good for one proof by the key that asked. */
export interface SrpChallengesTable {
  user_id: bigint;
  srp_id: bigint;
  auth_key_id: bigint;
  secret: Uint8Array;
  shown: Uint8Array;
  created_date: number;
  /** SHA-256 of the request with the right proof: the same request may be repeated, nothing else. */
  proof_hash: Uint8Array | null;
}

/** A code sent by e-mail. `owner` is a user id, or `+<phone>` before there is one. */
export interface EmailCodesTable {
  owner: string;
  purpose: string;
  /** The permanent key that asked for it. */
  auth_key_id: bigint;
  /** The state that the code was made for, as text; it is worth nothing when that has changed. */
  bound_to: string;
  /** The mail server has taken it. */
  delivered: Generated<boolean>;
  email: string;
  code: string;
  guesses: Generated<number>;
  /** Codes sent since `since_date`. */
  sent: Generated<number>;
  since_date: number;
  sent_date: number;
  expires_date: number;
}

/** Proofs of the password that payments take for some time, as their SHA-256. */
export interface TmpPasswordsTable {
  user_id: bigint;
  token_hash: Uint8Array;
  /** The key that proved the password. */
  auth_key_id: bigint;
  expires_date: number;
}

/** What a user decided about the own devices and account. No row: the defaults. */
export interface AccountSecurityTable {
  user_id: bigint;
  /** An account without activity for so long is deleted. */
  account_ttl_days: Generated<number>;
  /** A device without activity for so long is logged out. */
  authorization_ttl_days: Generated<number>;
  login_email: string | null;
  /** From then on log-in codes go by phone again. */
  login_email_reset_date: number | null;
  /** Somebody who has the number but not the password asked for deletion: it may be done from then on. */
  deletion_date: number | null;
  /** Names that request in the link by which the owner stops it. */
  deletion_hash: string | null;
  /** The key that asked first; the request ends when another device ends its authorisation. */
  deletion_auth_key_id: bigint | null;
}

/** Numbers that may not log in. */
export interface BannedPhonesTable {
  phone: string;
  banned_date: number;
}

/** Where a device hears of news while its app is closed; one token of each type a device. */
export interface PushDevicesTable {
  user_id: bigint;
  auth_key_id: bigint;
  /** 1 APNs, 2 FCM, 10 Web Push, … as core.telegram.org/api/push-updates has them. */
  token_type: number;
  token: string;
  /** Encrypts what is pushed; empty for none. */
  secret: Uint8Array;
  sandbox: boolean;
  /** Wants no news of muted chats. */
  no_muted: boolean;
  /** The app is locked after so many seconds: what is pushed then shows no text. */
  locked_period: number | null;
  registered_date: number;
}

/** A WebAuthn credential that logs its user in. */
export interface PasskeysTable {
  user_id: bigint;
  /** As the authenticator named it, base64url. */
  credential_id: string;
  /** COSE. */
  public_key: Uint8Array;
  /** How often the authenticator says it was used; 0 for those that do not count. */
  counter: bigint;
  name: string;
  created_date: number;
  last_usage_date: number | null;
}

/** What an authenticator is asked to sign, once. */
export interface PasskeyChallengesTable {
  /** base64url. */
  challenge: string;
  /** The key that asked. */
  auth_key_id: bigint;
  /** Whose new passkey it is for; null for a log-in. */
  user_id: bigint | null;
  created_date: number;
}

export interface SecurityTables {
  passkeys: PasskeysTable;
  passkey_challenges: PasskeyChallengesTable;
  banned_phones: BannedPhonesTable;
  push_devices: PushDevicesTable;
  passwords: PasswordsTable;
  unconfirmed_passwords: UnconfirmedPasswordsTable;
  password_guesses: PasswordGuessesTable;
  srp_challenges: SrpChallengesTable;
  email_codes: EmailCodesTable;
  tmp_passwords: TmpPasswordsTable;
  account_security: AccountSecurityTable;
}
