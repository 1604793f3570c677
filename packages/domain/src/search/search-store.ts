import { CHANNEL_OFFSET, isMarkedChannel } from '@aerogram/cluster';
import { defineStatement } from '@aerogram/storage';
import type { Database, Queries, Tx } from '@aerogram/storage';

import { listPostsAt } from '../channel-state/index.ts';
import { channelIdOf, listMessagesAt, messageColumns, type MessagePlace, type MessageRow, postOf, type StoredPost } from '../events/index.ts';

/** The current position of a box and the position up to which it is indexed. */
export interface IndexState {
  owner_id: bigint;
  indexed_pts: number;
  box_pts: number;
  /** Whether the posts of the channel go to `public_posts`, too. */
  is_public: boolean;
}

/** A range of a box's pts: after `after`, up to and including `upTo`. */
export interface BoxRange {
  owner: bigint;
  after: number;
  upTo: number;
}

export interface ChangeRow {
  owner_id: bigint;
  pts: number;
  kind: number;
  payload: Uint8Array;
}

/** Whether an owner without a state is a channel whose posts everybody may search. */
const IS_PUBLIC = `EXISTS (SELECT FROM channels AS p WHERE p.channel_id = -${CHANNEL_OFFSET} - o AND p.kind = 'broadcast' AND p.username IS NOT NULL)`;

const makeStates = defineStatement(
  'make_search_states',
  `INSERT INTO search_state (owner_id, indexed_pts, is_public)
   SELECT o, 0, ${IS_PUBLIC} FROM unnest($1::bigint[]) AS o WHERE NOT EXISTS (SELECT FROM search_state AS s WHERE s.owner_id = o)
    ORDER BY o ON CONFLICT DO NOTHING`,
);

const readStates = defineStatement<IndexState>(
  'read_search_states',
  `SELECT c.owner_id, coalesce(s.indexed_pts, 0) AS indexed_pts, c.pts AS box_pts, coalesce(s.is_public, ${IS_PUBLIC.replace('- o ', '- c.owner_id ')}) AS is_public
     FROM counters_now AS c LEFT JOIN search_state AS s ON s.owner_id = c.owner_id WHERE c.owner_id = ANY ($1::bigint[]) ORDER BY c.owner_id`,
);

const lockStates = defineStatement<Omit<IndexState, 'box_pts'>>(
  'lock_search_states',
  'SELECT owner_id, indexed_pts, is_public FROM search_state WHERE owner_id = ANY ($1::bigint[]) ORDER BY owner_id FOR UPDATE',
);

const readArrivals = defineStatement<MessageRow>(
  'read_search_arrivals',
  `SELECT ${messageColumns('m')}
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_after, r_up_to)
    CROSS JOIN LATERAL (SELECT * FROM messages WHERE owner_id = r_owner AND pts > r_after AND pts <= r_up_to
                         ORDER BY pts LIMIT $4::integer) AS m`,
);

const readPostArrivals = defineStatement<StoredPost>(
  'read_search_post_arrivals',
  `SELECT p.*
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_channel, r_after, r_up_to)
    CROSS JOIN LATERAL (SELECT * FROM channel_messages WHERE channel_id = r_channel AND pts > r_after AND pts <= r_up_to
                         ORDER BY pts LIMIT $4::integer) AS p`,
);

const readChanges = defineStatement<ChangeRow>(
  'read_search_changes',
  `SELECT l.owner_id, l.pts, l.kind, l.payload
     FROM unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_after, r_up_to)
    CROSS JOIN LATERAL (SELECT * FROM update_log WHERE owner_id = r_owner AND pts > r_after AND pts <= r_up_to AND pts_count > 0
                         ORDER BY pts LIMIT $4::integer) AS l`,
);

const writeRows = defineStatement(
  'write_search_rows',
  `INSERT INTO message_search (owner_id, msg_id, peer_id, date, terms)
   SELECT o, m, p, d, t::tsvector FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::integer[], $5::text[]) AS n (o, m, p, d, t)
   ON CONFLICT (owner_id, msg_id) DO UPDATE SET terms = excluded.terms`,
);

const dropRows = defineStatement(
  'drop_search_rows',
  `DELETE FROM message_search AS s USING unnest($1::bigint[], $2::integer[]) AS d (o, m) WHERE s.owner_id = o AND s.msg_id = m`,
);

const writePublicRows = defineStatement(
  'write_public_posts',
  `INSERT INTO public_posts (channel_id, msg_id, date, terms)
   SELECT c, m, d, t::tsvector FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[]) AS n (c, m, d, t)
   ON CONFLICT (channel_id, msg_id) DO UPDATE SET terms = excluded.terms`,
);

const dropPublicRows = defineStatement(
  'drop_public_posts',
  `DELETE FROM public_posts AS s USING unnest($1::bigint[], $2::integer[]) AS d (c, m) WHERE s.channel_id = c AND s.msg_id = m`,
);

const saveStates = defineStatement(
  'save_search_states',
  `UPDATE search_state AS s SET indexed_pts = n.p FROM unnest($1::bigint[], $2::integer[]) AS n (o, p) WHERE s.owner_id = n.o`,
);

/** Finds owners above a given id whose boxes are not fully indexed. */
export const findBehind = defineStatement<{ owner_id: bigint }>(
  'find_search_behind',
  `SELECT c.owner_id FROM counters_now AS c LEFT JOIN search_state AS s ON s.owner_id = c.owner_id
    WHERE c.owner_id > $1 AND coalesce(s.indexed_pts, 1) < c.pts ORDER BY c.owner_id LIMIT $2::integer`,
);

/** Returns the index states of those of these owners that have a message box. */
export async function listIndexStates(reads: Pick<Database, 'run'>, owners: readonly bigint[]): Promise<IndexState[]> {
  return (await reads.run(readStates, [owners])).rows;
}

/** Locks the indexed positions of these owners against other indexers, in ascending order, and creates missing ones. */
export async function lockIndexStates(tx: Tx, owners: readonly bigint[]): Promise<Omit<IndexState, 'box_pts'>[]> {
  const [, { rows }] = await Promise.all([tx.run(makeStates, [owners]), tx.run(lockStates, [owners])]);
  return rows;
}

const columnsOf = (ranges: readonly BoxRange[]): [bigint[], number[], number[]] => [
  ranges.map((range) => range.owner),
  ranges.map((range) => range.after),
  ranges.map((range) => range.upTo),
];

/** Lists the new messages in these ranges, at most `limit` per range, in ascending order of pts within each. */
export async function listArrivals(reads: Queries, ranges: readonly BoxRange[], limit: number): Promise<MessageRow[]> {
  const channels = ranges.filter(({ owner }) => isMarkedChannel(owner));
  const users = ranges.filter(({ owner }) => !isMarkedChannel(owner));
  const [messages, posts] = await Promise.all([
    users.length === 0 ? [] : reads.run(readArrivals, [...columnsOf(users), limit]).then(({ rows }) => rows),
    channels.length === 0 ? [] : listPostArrivals(reads, channels, limit),
  ]);
  return [...messages, ...posts];
}

async function listPostArrivals(reads: Queries, ranges: readonly BoxRange[], limit: number): Promise<MessageRow[]> {
  const [owners, after, upTo] = columnsOf(ranges);
  const { rows } = await reads.run(readPostArrivals, [owners.map(channelIdOf), after, upTo, limit]);
  return rows.map(postOf);
}

/** Lists those of these messages, of any boxes and channels, that exist. */
export async function listAt(reads: Queries, places: readonly MessagePlace[]): Promise<MessageRow[]> {
  const posts = places.filter(({ owner }) => isMarkedChannel(owner)).map(({ owner, msgId }) => ({ peerId: owner, msgId }));
  const own = places.filter(({ owner }) => !isMarkedChannel(owner));
  const [messages, found] = await Promise.all([listMessagesAt(reads, own), listPostsAt(reads, posts)]);
  return [...messages, ...found];
}

/** Lists the other events in these ranges, at most `limit` per range. */
export async function listChanges(reads: Queries, ranges: readonly BoxRange[], limit: number): Promise<ChangeRow[]> {
  return (await reads.run(readChanges, [...columnsOf(ranges), limit])).rows;
}

/** The changes to search rows. */
export interface SearchRows {
  written: readonly { row: MessageRow; terms: string }[];
  dropped: readonly MessagePlace[];
  /** Posts that everybody may search. Those without terms are removed. */
  published: readonly { row: MessageRow; terms: string }[];
  reached: readonly { owner: bigint; pts: number }[];
}

/** Writes search rows and the new indexed positions, together with the COMMIT. */
export function writeSearchRows(tx: Tx, { written, dropped, published, reached }: SearchRows): void {
  if (dropped.length > 0) tx.runLast(dropRows, [dropped.map(({ owner }) => owner), dropped.map(({ msgId }) => msgId)]);
  if (written.length > 0) {
    tx.runLast(writeRows, [
      written.map(({ row }) => row.owner_id),
      written.map(({ row }) => row.msg_id),
      written.map(({ row }) => row.peer_id),
      written.map(({ row }) => row.date),
      written.map(({ terms }) => terms),
    ]);
  }
  const shown = published.filter(({ terms }) => terms !== '');
  const gone = [
    ...dropped.filter(({ owner }) => isMarkedChannel(owner)),
    ...published.filter(({ terms }) => terms === '').map(({ row }) => ({ owner: row.owner_id, msgId: row.msg_id })),
  ];
  if (gone.length > 0) tx.runLast(dropPublicRows, [gone.map(({ owner }) => channelIdOf(owner)), gone.map(({ msgId }) => msgId)]);
  if (shown.length > 0) {
    tx.runLast(writePublicRows, [
      shown.map(({ row }) => channelIdOf(row.owner_id)),
      shown.map(({ row }) => row.msg_id),
      shown.map(({ row }) => row.date),
      shown.map(({ terms }) => terms),
    ]);
  }
  tx.runLast(saveStates, [reached.map(({ owner }) => owner), reached.map(({ pts }) => pts)]);
}

const truncateRows = defineStatement('empty_message_search', 'TRUNCATE message_search, public_posts');

/** Deletes all search rows and how far each box was indexed. */
export async function emptySearch(tx: Tx): Promise<void> {
  await tx.q.deleteFrom('search_state').execute();
  await tx.run(truncateRows, []);
}
