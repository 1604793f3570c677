// Row types of migration 0005-people: privacy, blocking, settings, search, reports.
import type { Generated } from 'kysely';

/** One rule of one privacy key; a key without rows has its default. */
export interface PrivacyRulesTable {
  owner_id: bigint;
  /** A `PrivacyKey` of packages/domain. */
  key: string;
  /** Order in which the owner gave the rules. */
  position: number;
  /** A `RuleKind` of packages/domain. */
  kind: string;
  /** Users or chats to which the rule applies. */
  ids: Generated<bigint[]>;
}

/** A peer that `owner_id` blocked, either completely or only from seeing stories. These are two separate lists. */
export interface BlockedPeersTable {
  owner_id: bigint;
  peer_id: bigint;
  stories_only: boolean;
  created_date: number;
}

/** Account settings of a user; a user without a row has the defaults. */
export interface UserSettingsTable {
  user_id: bigint;
  keep_archived_unmuted: Generated<boolean>;
  keep_archived_folders: Generated<boolean>;
  hide_read_marks: Generated<boolean>;
  display_gifts_button: Generated<boolean>;
  /** The flags of disallowedGiftsSettings. */
  disallowed_gifts: Generated<number>;
  contact_sign_up_silent: Generated<boolean>;
  top_peers_disabled: Generated<boolean>;
  /** reactionsNotifySettings, stored by `storedEncode`; null for the defaults (0010). */
  reactions_notify: Uint8Array | null;
  /** Name of the ProfileTab that the user's profile opens with (0013). */
  main_tab: string | null;
  /** Ids of the emoji statuses that the user has had, the newest first; null: none (0138). */
  recent_statuses: bigint[] | null;
}

/** The owner closed the action bar of the chat with this peer. */
export interface HiddenPeerBarsTable {
  owner_id: bigint;
  peer_id: bigint;
  hidden_date: number;
}

/** Entries of the owner's address book whose numbers have no account here. */
export interface SavedContactsTable {
  owner_id: bigint;
  phone: string;
  first_name: string;
  last_name: string;
  created_date: number;
}

/** A link by which others can find a user; kept as a SHA-256 hash until it expires. */
export interface ContactTokensTable {
  token_hash: Uint8Array;
  user_id: bigint;
  /** The key that asked for the link; the link ends with that key's authorisation. */
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

/** Words by which a search finds a user with a username: the username and the words of the name, case-folded. */
export interface UserWordsTable {
  user_id: bigint;
  word: string;
  /** All words of the user, each preceded by a space; if there are too many, the longest (0021). */
  words: string;
}

/** A setting shared by the owner's apps, which the server only stores (0013). */
export interface AppSettingsTable {
  owner_id: bigint;
  /** An `AppSettingsKind` of packages/domain. */
  kind: string;
  /** Marked peer id if the setting belongs to one chat; otherwise 0. */
  peer_id: bigint;
  /** Stored by `storedEncode`. */
  settings: Uint8Array;
}

/** `owner_id` wrote first to `peer_id`, who has not replied (0013). */
export interface FirstContactsTable {
  owner_id: bigint;
  peer_id: bigint;
  date: number;
}

/** What support has noted about a user (0127). */
export interface UserInfosTable {
  /** Whom it is about. */
  user_id: bigint;
  /** Who wrote it last. */
  author_id: bigint;
  /** A help.userInfo without the name of its author, stored by `storedEncode`. */
  info: Uint8Array;
}

export interface PeopleTables {
  app_settings: AppSettingsTable;
  first_contacts: FirstContactsTable;
  privacy_rules: PrivacyRulesTable;
  blocked_peers: BlockedPeersTable;
  user_settings: UserSettingsTable;
  hidden_peer_bars: HiddenPeerBarsTable;
  saved_contacts: SavedContactsTable;
  contact_tokens: ContactTokensTable;
  top_peer_resets: TopPeerResetsTable;
  user_words: UserWordsTable;
  user_infos: UserInfosTable;
}
