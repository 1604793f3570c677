// Row types of migration 0002-accounts: keys, authorisations, users, names, contacts.
import type { Generated } from 'kysely';

/** An MTProto key created by a handshake with this DC; a permanent key also has the client's connection data (rule P5, stored layer). */
export interface AuthKeysTable {
  auth_key_id: bigint;
  auth_key: Uint8Array;
  /** 0 permanent, 1 temporary. */
  kind: number;
  dc_id: number;
  media: boolean;
  test: boolean;
  created_date: number;
  /** Set for temporary keys only. */
  expires_date: number | null;
  /** The permanent key a temporary one is bound to. */
  perm_auth_key_id: bigint | null;
  user_id: bigint | null;
  /** Set when another device of the user ended this authorisation; cleared by the next log-in. */
  revoked_date: number | null;
  layer: number | null;
  api_id: number | null;
  device_model: Generated<string>;
  system_version: Generated<string>;
  app_version: Generated<string>;
  system_lang_code: Generated<string>;
  lang_pack: Generated<string>;
  lang_code: Generated<string>;
  /** The user whose code this key has entered, while the password is still missing (migration 0004). */
  pending_user_id: Generated<bigint | null>;
  pending_date: Generated<number | null>;
  /** Identifies the unfinished log-in for the user's devices, which may end it. */
  pending_hash: Generated<bigint | null>;
  pending_address: Generated<string>;
  /** The account of the ended authorisation was deleted; cleared by the next log-in (0004). */
  deactivated: Generated<boolean>;
  /** The last day on which the client is known to have used the key while nobody was logged in (0019). */
  seen_date: Generated<number | null>;
  /** A person of another data centre to whom a client bound this key, when, and so where its calls belong. Only while `user_id` is null. */
  elsewhere_user_id: Generated<bigint | null>;
  elsewhere_date: Generated<number | null>;
}

/** One logged-in device of a user. `hash` identifies it for the user's other devices. */
export interface AuthorizationsTable {
  user_id: bigint;
  auth_key_id: bigint;
  hash: bigint;
  created_date: number;
  active_date: number;
  address: string;
  /** For an authorisation exported to another DC: the key it came from. It ends with that key's authorisation. */
  main_auth_key_id: bigint | null;
  /** No other device of the user has confirmed this log-in yet (0004). */
  unconfirmed: Generated<boolean>;
  /** The device accepts no secret chats (0004). */
  encrypted_requests_disabled: Generated<boolean>;
  /** The device accepts no calls (0004). */
  call_requests_disabled: Generated<boolean>;
  /** From which pts, and when, the device last asked for a difference; null if it never did (0018). */
  confirmed_pts: number | null;
  /** From which qts it did (0096). */
  confirmed_qts: number | null;
  confirmed_date: number | null;
  /** The device entered the account's password when it logged in (0024). */
  with_password: Generated<boolean>;
  /** Increases with each log-in (0029). */
  login_seq: Generated<bigint>;
  /** After how many seconds without use its app locks itself; notices then show no text. Null if it does not (0137). */
  lock_period: number | null;
}

/** A log-in code that was sent. It is kept for a day so that wrong guesses stay counted and a repeated request gets the same result. */
export interface LoginCodesTable {
  phone: string;
  code_hash: string;
  auth_key_id: bigint;
  code: string;
  attempts: Generated<number>;
  created_date: number;
  expires_date: number;
  /** Set when sign-in accepted the code; sign-up requires it. */
  accepted_date: number | null;
  /** The account that this code logged in to. */
  user_id: bigint | null;
  cancelled: Generated<boolean>;
  /** The purposes for which the code is valid: login, change_phone, confirm_phone (0004). */
  purpose: Generated<'login' | 'change_phone' | 'confirm_phone'>;
  /** How the code was last sent (0004). `email_setup`: not sent yet, because the user first has to set a log-in e-mail address. */
  way: Generated<'app' | 'email' | 'sms' | 'call' | 'enter' | 'email_setup'>;
  /** The log-in e-mail address that the user set up for it. */
  setup_email: Generated<string | null>;
  /** How often sending by `way` was tried. */
  sent: Generated<number>;
  /** The service that delivers codes by `way` accepted it (0024). */
  delivered: Generated<boolean>;
  /** The logged-in user who asked for it; not set for log-in codes (0024). */
  asked_by: Generated<bigint | null>;
  /**
   * The state for which the code was created: for a log-in code by e-mail the address, for one that changes a number the old number, for
   * one that stops an account deletion the hash of the request. The code is invalid if that has changed (0024).
   */
  bound_to: Generated<string>;
}

/** The bytes of auth.exportAuthorization, stored only as a SHA-256 hash. */
export interface ExportedAuthorizationsTable {
  user_id: bigint;
  token_hash: Uint8Array;
  /** The permanent key that exported the authorisation. */
  auth_key_id: bigint;
  dc_id: number;
  expires_date: number;
  used_auth_key_id: bigint | null;
}

/** A token that a client shows as a QR code before log-in; kept as a SHA-256 hash until it expires. */
export interface LoginTokensTable {
  token_hash: Uint8Array;
  /** The permanent key to be logged in. */
  auth_key_id: bigint;
  address: string;
  /** Users who are already logged in to the client's app. */
  except_ids: bigint[];
  expires_date: number;
  accepted_user_id: bigint | null;
  /** The token with which the device goes on at the data centre of the person who accepted this one. */
  moved_token: Generated<Uint8Array | null>;
  /** Of a token for a device that came from another data centre: the hash that its authorisation gets. Its `auth_key_id` is 0 until the device has come. */
  authorization_hash: Generated<bigint | null>;
  /** Of such a token: the key of the device that accepted the code. */
  acceptor_key_id: Generated<bigint | null>;
}

export interface UsersTable {
  user_id: bigint;
  phone: string | null;
  first_name: string;
  last_name: Generated<string>;
  username: string | null;
  about: Generated<string>;
  bot: Generated<boolean>;
  /** At most one of `verified`, `scam` and `fake` is set (0124). */
  verified: Generated<boolean>;
  scam: Generated<boolean>;
  fake: Generated<boolean>;
  /** Why clients must not show what this user writes, in one word; null: they may (0124). */
  restriction_reason: string | null;
  /** What clients show instead (0124). */
  restriction_text: string | null;
  /** Until when the operator limits to whom the user may write, in unix seconds; 0: not (0124). */
  limited_until: Generated<number>;
  /** Why, as the user is told (0124). */
  limit_reason: Generated<string>;
  /** Whether the account belongs to the server itself, and to nobody. */
  support: Generated<boolean>;
  /** Whether the operator has marked the account as support (0127). */
  gives_support: Generated<boolean>;
  deleted: Generated<boolean>;
  created_date: number;
  /** When the user was last online; while the user is online, the time at which the online status expires. */
  online_date: Generated<number>;
  /** Day 1–31, with month 1–12; null if no birthday is set (0005). */
  birthday_day: number | null;
  birthday_month: number | null;
  /** Also null if the user hides the year. */
  birthday_year: number | null;
  /** Palette colour of the name, and of the profile page (0005). */
  color: number | null;
  profile_color: number | null;
  /** The custom emoji beside the name; null: none. It counts until the second column, if that is set, in Unix seconds (0138). */
  emoji_status_id: bigint | null;
  emoji_status_until: number | null;
  /** The custom emoji that is repeated behind the name in quotes, and on the profile page; null: none (0138). */
  color_emoji_id: bigint | null;
  profile_color_emoji_id: bigint | null;
  /** The channel that the user shows on the profile page (0051). It counts only while it is public and the user's own. */
  personal_channel_id: bigint | null;
  /** The photo beside the name; null: none (0072). */
  photo_id: bigint | null;
  /** Its preview, as in `photoStrippedSize` (0072). */
  photo_stripped: Uint8Array | null;
  /** Whether it has a video (0079). */
  photo_has_video: Generated<boolean>;
  /** The photo for those who may not see the others; null: none (0075). */
  fallback_photo_id: bigint | null;
  /** Its preview (0075). */
  fallback_photo_stripped: Uint8Array | null;
  /** Whether it has a video (0079). */
  fallback_photo_has_video: Generated<boolean>;
}

/** Directory: phone number → account (rule S18, unique names). */
export interface PhonesTable {
  phone: string;
  user_id: bigint;
  confirmed: Generated<boolean>;
  reserved_date: number;
}

/** Directory: lower-case username → marked peer id. */
export interface UsernamesTable {
  name: string;
  peer_id: bigint;
  confirmed: Generated<boolean>;
  reserved_date: number;
}

/** An entry in a contact list: `owner_id` has `user_id` as a contact, under this name. */
export interface ContactsTable {
  owner_id: bigint;
  user_id: bigint;
  phone: Generated<string>;
  first_name: string;
  last_name: Generated<string>;
  note: Generated<string>;
  /** `user_id` also has `owner_id` as a contact; kept equal on both rows. */
  mutual: Generated<boolean>;
  created_date: number;
  /** The contact is one of the close friends of `owner_id` (0005). */
  close_friend: Generated<boolean>;
  /** The words by which a search finds the name, each preceded by a space (0007). */
  words: Generated<string>;
  /** The photo of the contact that `owner_id` sees; null: that of the contact (0076). */
  photo_id: bigint | null;
  /** Its preview (0076). */
  photo_stripped: Uint8Array | null;
  /** Whether it has a video (0079). */
  photo_has_video: Generated<boolean>;
}

/** Notification settings of one owner for one scope: a marked peer id, or 0 with the name of the scope. */
export interface NotifySettingsTable {
  owner_id: bigint;
  scope: string;
  peer_id: bigint;
  show_previews: boolean | null;
  silent: boolean | null;
  mute_until: number | null;
  stories_muted: boolean | null;
  /** A NotificationSound, stored by `storedEncode` (0005). */
  sound: Uint8Array | null;
  stories_sound: Uint8Array | null;
  stories_hide_sender: boolean | null;
}

/** Secrets of the DC that are part of its backups: keys of access hashes, by version. */
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
