import { sql } from '@aerogram/storage';
import type { Database, Tables } from '@aerogram/storage';
import type { AliasedRawBuilder } from 'kysely';

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

/**
 * Longest `extra` of a message in bytes. `normalizeText`, `prepareMedia` and the quotes of replies stay far below it, all together. A longer one, which older
 * programs could store, is not read: the message has only its text then, so that a history of such messages can still be read.
 */
export const EXTRA_MAX_BYTES = 48 * 1024;

const PLAIN_COLUMNS = [
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
  'ttl_period',
] as const;

const extraOf = (table: string): string => `CASE WHEN octet_length(${table}.extra) <= ${EXTRA_MAX_BYTES} THEN ${table}.extra END`;

/** The column `extra`, for `select`; null where it is too long to be read. */
export function readExtra(table: string): AliasedRawBuilder<Uint8Array | null, 'extra'> {
  return sql<Uint8Array | null>`${sql.raw(extraOf(table))}`.as('extra');
}

/** Columns of a whole row of `messages`, for `select`. */
export const MESSAGE_COLUMNS = [...PLAIN_COLUMNS, readExtra('messages')] as const;

/** The same as SQL. @param table the name that the statement has for it */
export function messageColumns(table: string): string {
  return [...PLAIN_COLUMNS.map((column) => `${table}.${column}`), `${extraOf(table)} AS extra`].join(', ');
}

/** Bytes of a row, as SQL: what {@link bytesOfRow} says of it once it is read. */
export function messageBytes(table: string): string {
  return `(octet_length(${table}.text) + CASE WHEN octet_length(${table}.extra) <= ${EXTRA_MAX_BYTES} THEN octet_length(${table}.extra) ELSE 0 END)`;
}

/** Bytes of what makes a row long. Pure. */
export function bytesOfRow({ text, extra }: Pick<MessageRow, 'text' | 'extra'>): number {
  return Buffer.byteLength(text) + (extra?.length ?? 0);
}

/** Where reads go: the pool or a transaction. */
export type Queries = Database['q'];
