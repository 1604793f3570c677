/** Row types of migration 0005-people: privacy, blocking, settings, search, reports. */
import type { Generated } from 'kysely';

/** One rule of one privacy key; a key without rows has its default. */
export interface PrivacyRulesTable {
  owner_id: bigint;
  /** As `PrivacyKey` in packages/domain. */
  key: string;
  /** Order in which the owner gave the rules. */
  position: number;
  /** As `RuleKind` in packages/domain. */
  kind: string;
  /** Users or chats that the rule names. */
  ids: Generated<bigint[]>;
}

/** `owner_id` blocked a marked peer: wholly, or only from the own stories. Each is a list of its own. */
export interface BlockedPeersTable {
  owner_id: bigint;
  peer_id: bigint;
  stories_only: boolean;
  created_date: number;
}

/** What a user decided about the whole account; a user without a row has the defaults. */
export interface UserSettingsTable {
  user_id: bigint;
  keep_archived_unmuted: Generated<boolean>;
  keep_archived_folders: Generated<boolean>;
  hide_read_marks: Generated<boolean>;
  display_gifts_button: Generated<boolean>;
  /** Bits as in the flags of disallowedGiftsSettings. */
  disallowed_gifts: Generated<number>;
  contact_sign_up_silent: Generated<boolean>;
  top_peers_disabled: Generated<boolean>;
  /** Stored reactionsNotifySettings, by `storedEncode`; null for the defaults (0010). */
  reactions_notify: Uint8Array | null;
  /** What the own profile opens with, by the name of the ProfileTab (0013). */
  main_tab: string | null;
}

/** The owner closed the bar above the chat with this peer. */
export interface HiddenPeerBarsTable {
  owner_id: bigint;
  peer_id: bigint;
  hidden_date: number;
}

/** What a user reported, for those who moderate. */
export interface ReportsTable {
  owner_id: bigint;
  report_id: bigint;
  peer_id: bigint;
  msg_ids: Generated<number[]>;
  reason: string;
  comment: string;
  created_date: number;
}

/** Entries of the owner's address book whose numbers have no account here. */
export interface SavedContactsTable {
  owner_id: bigint;
  phone: string;
  first_name: string;
  last_name: string;
  created_date: number;
}

/** A link by which others find a user; kept as its SHA-256 until it expires. */
export interface ContactTokensTable {
  token_hash: Uint8Array;
  user_id: bigint;
  /** The key that asked for the link; the link ends with its authorisation. */
  auth_key_id: bigint;
  expires_date: number;
}

/** Messages up to this date do not count for the owner's rating of the peer. */
export interface TopPeerResetsTable {
  owner_id: bigint;
  category: string;
  peer_id: bigint;
  reset_date: number;
}

/** Words that users with a username are searched by: the username and the words of the name, folded. */
export interface UserWordsTable {
  user_id: bigint;
  word: string;
  /** All words of the user, a space before each; of endless ones the longest (0021). */
  words: string;
}

/** A setting that the owner's apps share and the server only keeps (0013). */
export interface AppSettingsTable {
  owner_id: bigint;
  /** As `AppSettingsKind` in packages/domain. */
  kind: string;
  /** Marked, where the setting is of one chat; else 0. */
  peer_id: bigint;
  /** By `storedEncode`. */
  settings: Uint8Array;
}

/** `owner_id` wrote first to `peer_id`, who has not answered (0013). */
export interface FirstContactsTable {
  owner_id: bigint;
  peer_id: bigint;
  date: number;
}

export interface PeopleTables {
  app_settings: AppSettingsTable;
  first_contacts: FirstContactsTable;
  privacy_rules: PrivacyRulesTable;
  blocked_peers: BlockedPeersTable;
  user_settings: UserSettingsTable;
  hidden_peer_bars: HiddenPeerBarsTable;
  reports: ReportsTable;
  saved_contacts: SavedContactsTable;
  contact_tokens: ContactTokensTable;
  top_peer_resets: TopPeerResetsTable;
  user_words: UserWordsTable;
}
