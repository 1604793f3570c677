import type { Database, Tables } from '@aerogram/storage';

/** One stored copy of a message, as every part of the domain passes it around. */
export type MessageRow = Tables['messages'];

/** Bits of `messages.flags`; stored, so a bit once given keeps its meaning for ever. */
export const MessageFlag = {
  out: 1,
  silent: 1 << 1,
  noforwards: 1 << 2,
  mediaUnread: 1 << 3,
  mentioned: 1 << 4,
  /** The row is a messageService; `extra` holds its action. */
  service: 1 << 5,
  editHide: 1 << 6,
  invertMedia: 1 << 7,
  noWebpage: 1 << 8,
  pinned: 1 << 9,
  /** What a cleared history leaves behind. */
  historyClear: 1 << 10,
  /** Somebody reacted, and the author (who has this copy) has not seen it. */
  unreadReactions: 1 << 11,
  /** Written earlier than it was sent. */
  fromScheduled: 1 << 12,
} as const;

/** Whether a row has all bits of `flag`. */
export function hasFlag(row: { flags: number }, flag: number): boolean {
  return (row.flags & flag) === flag;
}

/** Columns of a whole row, for `select`. */
export const MESSAGE_COLUMNS = [
  'owner_id',
  'msg_id',
  'global_id',
  'peer_id',
  'from_id',
  'saved_peer_id',
  'pts',
  'date',
  'edit_date',
  'flags',
  'reply_to_msg_id',
  'text',
  'extra',
  'ttl_period',
] as const;

/** Where reads go: the pool or a transaction. */
export type Queries = Database['q'];
