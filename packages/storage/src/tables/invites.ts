// Row types of migration 0053-invites. The owner of every row is the marked id of a group or channel, under the lock of whose counter it is written.
import type { Generated } from 'kysely';

/** Which group or channel a link leads to. A link that was deleted has no row. */
export interface InviteHashesTable {
  hash: string;
  owner_id: bigint;
}

/** An invite link. */
export interface InvitesTable {
  owner_id: bigint;
  /** The last part of the link. */
  hash: string;
  /** The admin who made it. */
  admin_id: bigint;
  date: number;
  /** When it was edited last; null: never. */
  start_date: number | null;
  /** What admins see as its name; null: it has none. */
  title: string | null;
  /** Nobody enters by it from this date on; null: it does not expire. */
  expire_date: number | null;
  /** How many members may have come by it; null: any number. */
  usage_limit: number | null;
  /** How many members have come by it. */
  usage: Generated<number>;
  /** How many people who came by it ask to be let in. */
  requested: Generated<number>;
  /** The one link of its admin that has no terms. */
  permanent: boolean;
  /** Admins have to let people in. */
  request_needed: boolean;
  revoked: Generated<boolean>;
  /** The same for a repeat of the call that made the link, so that it makes no second one. */
  export_id: bigint;
}

/** A member who came by a link, or was let in on request. */
export interface InviteImportersTable {
  owner_id: bigint;
  user_id: bigint;
  /** Of the link, which may have been deleted since; empty: without a link. */
  hash: string;
  date: number;
  /** The admin who let them in; null: nobody had to. */
  approved_by: bigint | null;
}

/** Somebody who asks to be let in. */
export interface JoinRequestsTable {
  owner_id: bigint;
  user_id: bigint;
  /** Of the link; empty: without a link, into a public group. */
  hash: string;
  date: number;
}

/** How many people ask to be let in. A group or channel where nobody ever asked has no row. */
export interface JoinRequestCountsTable {
  owner_id: bigint;
  pending: number;
}

export interface InvitesTables {
  invite_hashes: InviteHashesTable;
  invites: InvitesTable;
  invite_importers: InviteImportersTable;
  join_requests: JoinRequestsTable;
  join_request_counts: JoinRequestCountsTable;
}
