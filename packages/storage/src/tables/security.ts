// Row types of migration 0004-security: two-step verification, codes by e-mail, deletion of the account.
import type { Generated } from 'kysely';

/** A cloud password as the server stores it: the SRP verifier, and the salts with which the client derives it. */
export interface PasswordsTable {
  user_id: bigint;
  salt1: Uint8Array;
  salt2: Uint8Array;
  verifier: Uint8Array;
  hint: string;
  /** The confirmed recovery e-mail address. */
  email: string | null;
  changed_date: number;
  /** From this date on account.resetPassword removes the password. */
  reset_date: number | null;
  /** The key that asked for the reset; the request ends with that key's authorisation. */
  reset_auth_key_id: bigint | null;
  reset_declined_date: number | null;
}

/** A recovery address whose code has not been confirmed yet, and a first password that waits for it. */
export interface UnconfirmedPasswordsTable {
  user_id: bigint;
  salt1: Uint8Array | null;
  salt2: Uint8Array | null;
  verifier: Uint8Array | null;
  hint: Generated<string>;
  email: string;
  /** The key that set the address; the row ends with that key's authorisation. */
  auth_key_id: bigint;
}

/** Number of wrong passwords since a date. Devices that are logging in are counted separately from logged-in ones. */
export interface PasswordGuessesTable {
  user_id: bigint;
  logging_in: boolean;
  guesses: number;
  since_date: number;
}

/** The server's half of one SRP exchange; valid for one proof by the key that asked. */
export interface SrpChallengesTable {
  user_id: bigint;
  srp_id: bigint;
  auth_key_id: bigint;
  secret: Uint8Array;
  shown: Uint8Array;
  created_date: number;
  /** SHA-256 of the request with the correct proof: the same request may be repeated, but no other. */
  proof_hash: Uint8Array | null;
}

/** A code sent by e-mail. `owner` is a user id, or `+<phone>` before there is an account. */
export interface EmailCodesTable {
  owner: string;
  purpose: string;
  /** The permanent key that asked for the code. */
  auth_key_id: bigint;
  /** The state for which the code was created, as text; the code is invalid if that has changed. */
  bound_to: string;
  /** The mail server has accepted the e-mail. */
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

/** Temporary passwords for payments, stored as SHA-256 hashes. */
export interface TmpPasswordsTable {
  user_id: bigint;
  token_hash: Uint8Array;
  /** The key that proved the password. */
  auth_key_id: bigint;
  expires_date: number;
}

/** Settings of a user for devices and account deletion. No row: the defaults. */
export interface AccountSecurityTable {
  user_id: bigint;
  /** The account is deleted after this many days without activity. */
  account_ttl_days: Generated<number>;
  /** A device is logged out after this many days without activity. */
  authorization_ttl_days: Generated<number>;
  login_email: string | null;
  /** From this date on log-in codes are sent by phone again. */
  login_email_reset_date: number | null;
  /** From this date on the account may be deleted, because somebody with access to the number but without the password asked for it. */
  deletion_date: number | null;
  /** Identifies that request in the link by which the owner can stop the deletion. */
  deletion_hash: string | null;
  /** The key that first asked for deletion; the request ends if another device ends that key's authorisation. */
  deletion_auth_key_id: bigint | null;
}

/** Phone numbers that may not log in. */
export interface BannedPhonesTable {
  phone: string;
  banned_date: number;
}

/** A token with which a device gets notices while its app is closed (0137). */
export interface NoticeDevicesTable {
  user_id: bigint;
  auth_key_id: bigint;
  /** 1 APNs, 2 FCM, 10 Web Push, … as listed at core.telegram.org/api/push-updates. */
  token_type: number;
  /** SHA-256 of the token, by which the same token of others is found. */
  token_hash: Uint8Array;
  /** Token and secret, sealed with the master key of files. */
  sealed: Uint8Array;
  sandbox: boolean;
  /** The device wants no notices of muted chats. */
  no_muted: boolean;
  registered_date: number;
  /** Since when its push service has refused or not answered; null if the last notice was taken. */
  failing_since: number | null;
}

/** Up to which event the notices of a user, or of a supergroup or channel by its marked id, were decided (0137). Only users with devices have one, and what they follow. */
export interface NoticeMarksTable {
  owner_id: bigint;
  pushed_pts: number;
  /** The post whose followers are told now, page by page, and the last one who was; null if nobody is being told. */
  walk_to: number | null;
  walk_after: bigint | null;
}

/** Which users with devices follow a supergroup or channel (0137): what a post costs does not depend on the others. */
export interface NoticeFollowersTable {
  channel_id: bigint;
  owner_id: bigint;
}

/** A notice that is to be sent to a device (0137). Its text is made when it is sent. */
export interface DeviceNoticesTable {
  owner_id: bigint;
  auth_key_id: bigint;
  token_type: number;
  /** The chat, marked. */
  peer_id: bigint;
  msg_id: number;
  /** The event by which it came. */
  pts: number;
  date: number;
  /** When it is to be sent, in milliseconds since 1970. Whoever sends it moves this on first, so that nobody else does at the same time. */
  due_ms: bigint;
  attempts: Generated<number>;
  /** When it was sent, if the device can be told later that it was read, deleted or edited; null if it was not sent yet. It is then due when that happens, or after a day, when it is forgotten. */
  sent_date: Generated<number | null>;
}

/** A WebAuthn credential with which its user can log in. */
export interface PasskeysTable {
  user_id: bigint;
  /** Id given by the authenticator, base64url. */
  credential_id: string;
  /** In COSE format. */
  public_key: Uint8Array;
  /** Use counter reported by the authenticator; 0 for authenticators that do not count. */
  counter: bigint;
  name: string;
  created_date: number;
  last_usage_date: number | null;
}

/** A challenge for an authenticator to sign; valid once. */
export interface PasskeyChallengesTable {
  /** In base64url. */
  challenge: string;
  /** The key that asked for the challenge. */
  auth_key_id: bigint;
  /** The user for whom a passkey is being registered; null for a log-in. */
  user_id: bigint | null;
  created_date: number;
}

/** A phone number that may sign up on a server that does not admit everybody. */
export interface InvitationsTable {
  phone: string;
  /** Where its codes are mailed to; null: they go to the phone. */
  email: string | null;
  created_date: number;
  /** The link by which somebody invited themselves (0128); null: an operator named the number or the address. */
  link_id: Generated<bigint | null>;
}

/** A link by which people invite themselves (0128). */
export interface InvitationLinksTable {
  link_id: Generated<bigint>;
  /** SHA-256 of the token. */
  token_hash: Uint8Array;
  /** How many people it was made for. */
  uses: number;
  uses_left: number;
  /** The admin who made it on the admin page; null: it was made at the command line. */
  by_user_id: bigint | null;
  created_date: number;
  expires_date: number;
}

/** A form that was sent on the page of a link (0128): the same one is answered alike for a while, and not counted again. */
export interface InvitationFormsTable {
  link_id: bigint;
  /** HMAC of the form and of what was entered, with the token as key, which the database does not have. */
  form_hash: Uint8Array;
  /** The number that the server gave out; null: a number was entered. */
  given_phone: string | null;
  sent_date: number;
}

/** A device that has asked to export all data of its account, or does so (0123). */
export interface TakeoutsTable {
  user_id: bigint;
  /** The permanent key of the device. */
  auth_key_id: bigint;
  requested_date: number;
  /** Names the export that has begun; null while the device waits. */
  takeout_id: bigint | null;
  /** What no other method returns, as JSON; made when it is first asked for, so that all parts of the file fit together. */
  other_data: Uint8Array | null;
}

/** An account that may use the admin page (0126). */
export interface AdminsTable {
  user_id: bigint;
  granted_date: number;
}

/** A log-in at the admin page that has begun (0126). */
export interface AdminLogInsTable {
  /** SHA-256 of the token that the page holds. */
  token_hash: Uint8Array;
  phone: string;
  /** What stands for the key of a device in codes and SRP exchanges; no key has this id. */
  auth_key_id: bigint;
  /** The admin; null if the number is nobody's who may log in. */
  user_id: bigint | null;
  /** Wrong codes. */
  tries: Generated<number>;
  /** Whether the right code was given. */
  has_code: Generated<boolean>;
  created_date: number;
}

/** A browser in which an admin is logged in (0126). */
export interface AdminSessionsTable {
  /** SHA-256 of the cookie. */
  token_hash: Uint8Array;
  user_id: bigint;
  /** Of the password that was proved; the session ends when the password changes. */
  password_version: string;
  address: string;
  created_date: number;
  used_date: number;
}

export interface SecurityTables {
  admins: AdminsTable;
  admin_log_ins: AdminLogInsTable;
  admin_sessions: AdminSessionsTable;
  passkeys: PasskeysTable;
  passkey_challenges: PasskeyChallengesTable;
  banned_phones: BannedPhonesTable;
  invitations: InvitationsTable;
  invitation_links: InvitationLinksTable;
  invitation_forms: InvitationFormsTable;
  notice_devices: NoticeDevicesTable;
  notice_marks: NoticeMarksTable;
  device_notices: DeviceNoticesTable;
  notice_followers: NoticeFollowersTable;
  takeouts: TakeoutsTable;
  passwords: PasswordsTable;
  unconfirmed_passwords: UnconfirmedPasswordsTable;
  password_guesses: PasswordGuessesTable;
  srp_challenges: SrpChallengesTable;
  email_codes: EmailCodesTable;
  tmp_passwords: TmpPasswordsTable;
  account_security: AccountSecurityTable;
}
