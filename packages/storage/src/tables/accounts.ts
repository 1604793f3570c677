/** Row types of migration 0002-accounts: keys, authorisations, users, names, contacts. */
import type { Generated } from 'kysely';

/** An MTProto key made by a handshake of this DC; a permanent one also carries the connection data of rule P5. */
export interface AuthKeysTable {
  auth_key_id: bigint;
  auth_key: Uint8Array;
  /** 0 permanent, 1 temporary. */
  kind: number;
  dc_id: number;
  media: boolean;
  test: boolean;
  created_date: number;
  /** Only of temporary keys. */
  expires_date: number | null;
  /** The permanent key a temporary one is bound to. */
  perm_auth_key_id: bigint | null;
  user_id: bigint | null;
  /** Set when the user's other device ended this authorisation; cleared by the next log-in. */
  revoked_date: number | null;
  layer: number | null;
  api_id: number | null;
  device_model: Generated<string>;
  system_version: Generated<string>;
  app_version: Generated<string>;
  system_lang_code: Generated<string>;
  lang_pack: Generated<string>;
  lang_code: Generated<string>;
  /** Whose code this key has shown while the password is still to come (migration 0004). */
  pending_user_id: Generated<bigint | null>;
  pending_date: Generated<number | null>;
  /** Names the half-finished log-in to the user's devices, which may end it. */
  pending_hash: Generated<bigint | null>;
  pending_address: Generated<string>;
  /** The account of the ended authorisation was deleted; cleared by the next log-in (0004). */
  deactivated: Generated<boolean>;
  /** The last day of which it is known that the key's client spoke while nobody was logged in (0019). */
  seen_date: Generated<number | null>;
}

/** One logged-in device of a user. `hash` names it to the user's other devices. */
export interface AuthorizationsTable {
  user_id: bigint;
  auth_key_id: bigint;
  hash: bigint;
  created_date: number;
  active_date: number;
  address: string;
  /** Of an authorisation carried over to another DC: the one it came from, with which it ends. */
  main_auth_key_id: bigint | null;
  /** No other device of the user has said yet that this log-in was theirs (0004). */
  unconfirmed: Generated<boolean>;
  /** Takes no secret chats (0004). */
  encrypted_requests_disabled: Generated<boolean>;
  /** Takes no calls (0004). */
  call_requests_disabled: Generated<boolean>;
  /** From where, and since when, the device asked for the last difference; null: it never did (0018). */
  confirmed_pts: number | null;
  confirmed_date: number | null;
  /** The device has shown the account's password when it logged in (0024). */
  with_password: Generated<boolean>;
  /** Grows with each log-in (0029). */
  login_seq: Generated<bigint>;
}

/** A log-in code that was sent; kept for a day so that guesses stay counted and a repeat finds its result. */
export interface LoginCodesTable {
  phone: string;
  code_hash: string;
  auth_key_id: bigint;
  code: string;
  attempts: Generated<number>;
  created_date: number;
  expires_date: number;
  /** Set when the code was accepted by sign-in; sign-up needs it. */
  accepted_date: number | null;
  /** The account that this code opened. */
  user_id: bigint | null;
  cancelled: Generated<boolean>;
  /** What it may be used for: login, change_phone, confirm_phone (0004). */
  purpose: Generated<'login' | 'change_phone' | 'confirm_phone'>;
  /** How it went out last (0004); `email_setup`: not yet, an address has to be shown first. */
  way: Generated<'app' | 'email' | 'sms' | 'call' | 'email_setup'>;
  /** The address that was shown for it. */
  setup_email: Generated<string | null>;
  /** How often it was tried to send it by `way`. */
  sent: Generated<number>;
  /** It reached the service that delivers codes by `way` (0024). */
  delivered: Generated<boolean>;
  /** The user who asked for it while logged in, for all but log-in codes (0024). */
  asked_by: Generated<bigint | null>;
  /**
   * The state that it was made for: of a log-in code by e-mail the address, of one that changes a number the old number, of one
   * that stops a deletion the hash of the request. It is worth nothing when that has changed (0024).
   */
  bound_to: Generated<string>;
}

/** Bytes of auth.exportAuthorization, stored only as their SHA-256. */
export interface ExportedAuthorizationsTable {
  user_id: bigint;
  token_hash: Uint8Array;
  /** The permanent key that exported. */
  auth_key_id: bigint;
  dc_id: number;
  expires_date: number;
  used_auth_key_id: bigint | null;
}

/** A token that a guest shows as a QR code; kept as its SHA-256 until it expires. */
export interface LoginTokensTable {
  token_hash: Uint8Array;
  /** The permanent key that is to be logged in. */
  auth_key_id: bigint;
  address: string;
  /** Users that the guest's app has already. */
  except_ids: bigint[];
  expires_date: number;
  accepted_user_id: bigint | null;
}

export interface UsersTable {
  user_id: bigint;
  phone: string | null;
  first_name: string;
  last_name: Generated<string>;
  username: string | null;
  about: Generated<string>;
  bot: Generated<boolean>;
  verified: Generated<boolean>;
  support: Generated<boolean>;
  deleted: Generated<boolean>;
  created_date: number;
  /** Last moment online; while the user is online, the moment when that lapses. */
  online_date: Generated<number>;
  /** 1…31, with month 1…12; null where no birthday is set (0005). */
  birthday_day: number | null;
  birthday_month: number | null;
  /** Null also where the year is kept secret. */
  birthday_year: number | null;
  /** Palette entry of the name, and of the profile page (0005). */
  color: number | null;
  profile_color: number | null;
}

/** Directory: phone number → account (rule S18). */
export interface PhonesTable {
  phone: string;
  user_id: bigint;
  confirmed: Generated<boolean>;
  reserved_date: number;
}

/** Directory: lower-case username → marked peer. */
export interface UsernamesTable {
  name: string;
  peer_id: bigint;
  confirmed: Generated<boolean>;
  reserved_date: number;
}

/** `owner_id` has `user_id` in the contact list, under this name. */
export interface ContactsTable {
  owner_id: bigint;
  user_id: bigint;
  phone: Generated<string>;
  first_name: string;
  last_name: Generated<string>;
  note: Generated<string>;
  /** The other side has `owner_id` as a contact too; kept equal on both rows. */
  mutual: Generated<boolean>;
  created_date: number;
  /** `owner_id` counts this contact among the close friends (0005). */
  close_friend: Generated<boolean>;
  /** What the name is searched by: each word behind a space (0007). */
  words: Generated<string>;
}

/** Notification settings of one owner for one scope: a marked peer id, or 0 with the scope's name. */
export interface NotifySettingsTable {
  owner_id: bigint;
  scope: string;
  peer_id: bigint;
  show_previews: boolean | null;
  silent: boolean | null;
  mute_until: number | null;
  stories_muted: boolean | null;
  /** A stored NotificationSound, by `storedEncode` (0005). */
  sound: Uint8Array | null;
  stories_sound: Uint8Array | null;
  stories_hide_sender: boolean | null;
}

/** Secrets of the DC that belong to its backups: keys of access hashes, by version. */
export interface SecretKeysTable {
  name: string;
  version: number;
  bytes: Uint8Array;
  created_date: number;
}

export interface AccountsTables {
  auth_keys: AuthKeysTable;
  authorizations: AuthorizationsTable;
  login_codes: LoginCodesTable;
  exported_authorizations: ExportedAuthorizationsTable;
  login_tokens: LoginTokensTable;
  users: UsersTable;
  phones: PhonesTable;
  usernames: UsernamesTable;
  contacts: ContactsTable;
  notify_settings: NotifySettingsTable;
  secret_keys: SecretKeysTable;
}
