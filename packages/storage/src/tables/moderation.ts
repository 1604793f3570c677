// Row types of migrations 0047-admin-log, 0054-operators, 0056-report-queue, 0058-log-parts and 0124-administration: what admins and operators look after.
import type { Generated, GeneratedAlways } from 'kysely';

/** An event in a supergroup or channel, for its admins. Written under the lock of the channel's counter. */
export interface AdminLogTable {
  channel_id: bigint;
  /** Grows with each event of the channel. */
  event_id: bigint;
  date: number;
  /** Who did it. */
  user_id: bigint;
  /** The user to whom it was done, or the marked id of a banned channel; null if it was done to nobody. */
  subject_id: bigint | null;
  /** Bits of `LogFilter` in packages/domain. */
  filters: number;
  /** The words that a search looks through, each preceded by a space. */
  words: string;
  /** A packed `LogEntry` of packages/domain. */
  entry: Uint8Array;
  /** Approximate size of the row in bytes. */
  bytes: number;
  /** The part of the log to which the event counts: a `LogPart` of packages/domain, or that number plus 1 if the event exceeds its user's share of the part (0058). */
  part: Generated<number>;
  /** Running totals of the part up to and including this event: number of events, and their bytes. They begin at 0 when the part is empty. */
  rows_sum: bigint;
  bytes_sum: bigint;
  /** The same totals for the events of this user only; 0 if the event exceeds the user's share (0058). */
  own_rows_sum: Generated<bigint>;
  own_bytes_sum: Generated<bigint>;
  /** The message of which the event has a copy (0058). */
  msg_id: number | null;
  /** When that message was sent; null if there is none, or if its copy is gone (0058). */
  post_date: number | null;
  /** When the message's lifetime ends and its copy must lose its content (0058). */
  text_until: number | null;
}

/** Something that an operator has done or ordered (0054). */
export interface OperatorLogTable {
  entry_id: Generated<bigint>;
  date: number;
  /** In words. */
  what: string;
  /** An `OperatorCommand` of packages/domain that the server carries out; null: it was done with the entry. */
  command: Uint8Array | null;
  /** When it was done; null: it waits. */
  done_date: number | null;
  /** What came of it, in words. */
  outcome: string | null;
  /** The admin who did it on the admin page; null: it was done at the command line (0126). */
  by_user_id: Generated<bigint | null>;
}

/** Who may create something (0054). Without a row, everybody may. */
export interface CreationPoliciesTable {
  /** A `CreationSubject` of packages/domain. */
  subject: string;
  /** A `Creators` of packages/domain. */
  who: string;
}

/** Somebody who is on the list of those who may create something (0054). */
export interface CreationPolicyUsersTable {
  subject: string;
  user_id: bigint;
}

/** For how many days messages are kept (0054). */
export interface ChatRetentionTable {
  /** Marked id of a group or channel; 0 for all that have no row. */
  peer_id: bigint;
  /** 0: for ever. */
  days: number;
}

/** A supergroup or channel that people join when they sign up (0054). */
export interface NewcomerChannelsTable {
  channel_id: bigint;
  added_date: number;
}

/** A message or peer that a user has reported (0056). */
export interface ReportsTable {
  report_id: Generated<bigint>;
  /** Who reported it. */
  owner_id: bigint;
  /** Marked id of the chat of the message, or of what was reported itself. */
  peer_id: bigint;
  /** In the box of the one who reported it, or in the channel; 0: the peer itself was reported. */
  msg_id: number;
  reason: string;
  comment: string;
  author_id: bigint | null;
  /** What the message said. */
  copy: string | null;
  created_date: number;
  /** When an operator closed the report; null: it is open. */
  closed_date: number | null;
}

/** The limit of an account that was deleted, for whoever signs up with its number (0124). */
export interface KeptLimitsTable {
  /** Made of the phone number, which cannot be read from it. */
  number_mac: Uint8Array;
  limited_until: number;
  limit_reason: string;
}

/** A text of the operator that accounts get in the service chat (0124). */
export interface NoticesTable {
  notice_id: GeneratedAlways<bigint>;
  date: number;
  text: string;
  /** Whom it is for; null: all accounts that existed at `date`. */
  to_user_id: bigint | null;
  /** How many accounts it is for. */
  total: number;
  /** For how many of them its message has been ordered. */
  sent: Generated<number>;
  /** It has been ordered for the accounts up to this one. */
  last_user_id: Generated<bigint>;
  /** When it had been ordered for all, or was stopped; null: not yet. */
  done_date: number | null;
}

/** Since when or from when on the server only lets people read; there is one row at most (0124). */
export interface MaintenanceTable {
  is_only: Generated<boolean>;
  start_date: number;
  /** What the operator says of it; '' for nothing. */
  text: string;
}

export interface ModerationTables {
  kept_limits: KeptLimitsTable;
  notices: NoticesTable;
  maintenance: MaintenanceTable;
  reports: ReportsTable;
  admin_log: AdminLogTable;
  operator_log: OperatorLogTable;
  creation_policies: CreationPoliciesTable;
  creation_policy_users: CreationPolicyUsersTable;
  chat_retention: ChatRetentionTable;
  newcomer_channels: NewcomerChannelsTable;
}
