import { sql } from '@aerogram/storage';
import type { Database, Tables } from '@aerogram/storage';
import type { AliasedRawBuilder } from 'kysely';

/** One stored copy of a message. */
export type MessageRow = Tables['messages'];

/** Bits of `messages.flags`. They are stored, so a bit must never change meaning. */
export const MessageFlag = {
  out: 1,
  silent: 1 << 1,
  noforwards: 1 << 2,
  mediaUnread: 1 << 3,
  /** In a box: the message mentions its owner. On a message of a channel: it mentions somebody; `extra` has whom. */
  mentioned: 1 << 4,
  /** The row is a messageService; `extra` holds its action. */
  service: 1 << 5,
  editHide: 1 << 6,
  invertMedia: 1 << 7,
  noWebpage: 1 << 8,
  pinned: 1 << 9,
  /** The service message that remains after a history was cleared. */
  historyClear: 1 << 10,
  /** In a private chat: the other has reacted to the message, and its author, who owns this copy, has not seen the reaction yet. */
  unreadReactions: 1 << 11,
  /** The message was sent from a scheduled message. */
  fromScheduled: 1 << 12,
  /** The message is a post of a broadcast channel. */
  post: 1 << 13,
  /** On a message of a supergroup: a bot wrote it, so that no other bot sees it. */
  byBot: 1 << 14,
  /** On a message of a forum: its thread is a topic, not only a talk that began with a message. */
  inTopic: 1 << 15,
} as const;

/** Whether a row has all bits of `flag`. */
export function hasFlag(row: { flags: number }, flag: number): boolean {
  return (row.flags & flag) === flag;
}

/**
 * Maximum size of `messages.extra` in bytes. The limits of `normalizeText`, `prepareMedia` and reply quotes together stay well below it.
 * Older versions could store larger values; those are not read, so such a message shows only its text and its history stays readable.
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

/** The column `extra`, for `select`; null when it exceeds {@link EXTRA_MAX_BYTES}. */
export function readExtra(table: string): AliasedRawBuilder<Uint8Array | null, 'extra'> {
  return sql<Uint8Array | null>`${sql.raw(extraOf(table))}`.as('extra');
}

/** The columns of a complete row of `messages`, for `select`. */
export const MESSAGE_COLUMNS = [...PLAIN_COLUMNS, readExtra('messages')] as const;

/**
 * The same columns as SQL text.
 * @param table the table's name or alias in the statement
 */
export function messageColumns(table: string): string {
  return [...PLAIN_COLUMNS.map((column) => `${table}.${column}`), `${extraOf(table)} AS extra`].join(', ');
}

/** SQL expression for the bytes of a row; equals {@link bytesOfRow} of the row once it is read. */
export function messageBytes(table: string): string {
  return `(octet_length(${table}.text) + CASE WHEN octet_length(${table}.extra) <= ${EXTRA_MAX_BYTES} THEN octet_length(${table}.extra) ELSE 0 END)`;
}

/** Bytes of a row's text and `extra`, the columns that can be long. Pure. */
export function bytesOfRow({ text, extra }: Pick<MessageRow, 'text' | 'extra'>): number {
  return Buffer.byteLength(text) + (extra?.length ?? 0);
}

/** The query builder of the pool or of a transaction. */
export type Queries = Database['q'];
