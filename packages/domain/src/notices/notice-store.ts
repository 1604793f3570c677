import { type Database, defineStatement, type Queries, type Tables, type Tx } from '@aerogram/storage';
import type { Selectable } from 'kysely';

export type DeviceNotice = Selectable<Tables['device_notices']>;

/** A notice that was not tried yet. */
export type NewNotice = Omit<DeviceNotice, 'attempts' | 'sent_date'>;

/** How far the followers of a channel were told. Of users only `pushed_pts` is used. */
export interface ChannelWalk {
  pushed_pts: number;
  /** The last post of which followers are being told; null if that is done. */
  walk_to: number | null;
  /** The last follower who was told. */
  walk_after: bigint | null;
}

/** How far the notices of a user or channel were decided, and how far its box is. */
export interface NoticeRange extends ChannelWalk {
  /** Marked. */
  owner_id: bigint;
  box_pts: number;
}

/** What the settings and dialogs of a user say about a chat. */
export interface ChatFacts {
  owner_id: bigint;
  peer_id: bigint;
  read_max_id: number;
  mute_until: number;
  show_previews: boolean;
  is_silent: boolean;
  /** Until when the user counts as online, in Unix seconds. */
  online_date: number;
}

/** A chat of a user, and its kind: the settings of the kind hold where the chat has none of its own. */
export interface FactsOf {
  owner: bigint;
  peer: bigint;
  scope: 'users' | 'chats' | 'broadcasts';
}

const readOwners = defineStatement<{ owner_id: bigint }>('read_notice_owners', 'SELECT owner_id FROM notice_marks WHERE owner_id > $1::bigint ORDER BY owner_id LIMIT $2::integer');

const readRanges = defineStatement<NoticeRange>(
  'read_notice_ranges',
  `SELECT m.owner_id, m.pushed_pts, m.walk_to, m.walk_after, c.pts AS box_pts FROM notice_marks AS m JOIN counters_now AS c ON c.owner_id = m.owner_id
    WHERE m.owner_id = ANY ($1::bigint[]) AND m.pushed_pts < c.pts ORDER BY m.owner_id`,
);

const findBehind = defineStatement<{ owner_id: bigint }>(
  'find_notices_behind',
  `SELECT m.owner_id FROM notice_marks AS m JOIN counters_now AS c ON c.owner_id = m.owner_id
    WHERE m.pushed_pts < c.pts ORDER BY m.owner_id LIMIT $1::integer`,
);

const readFacts = defineStatement<ChatFacts>(
  'read_notice_facts',
  `SELECT k.owner_id, k.peer_id, coalesce(d.read_inbox_max_id, 0) AS read_max_id, coalesce(p.mute_until, s.mute_until, 0) AS mute_until,
          coalesce(p.show_previews, s.show_previews, true) AS show_previews, coalesce(p.silent, s.silent, false) AS is_silent, coalesce(u.online_date, 0) AS online_date
     FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS k (owner_id, peer_id, scope)
     LEFT JOIN dialogs AS d ON d.owner_id = k.owner_id AND d.peer_id = k.peer_id
     LEFT JOIN notify_settings AS p ON p.owner_id = k.owner_id AND p.scope = 'peer' AND p.peer_id = k.peer_id
     LEFT JOIN notify_settings AS s ON s.owner_id = k.owner_id AND s.scope = k.scope AND s.peer_id = 0
     LEFT JOIN users AS u ON u.user_id = k.owner_id`,
);

const lockMarks = defineStatement<{ owner_id: bigint; pushed_pts: number }>(
  'lock_notice_marks',
  'SELECT owner_id, pushed_pts FROM notice_marks WHERE owner_id = ANY ($1::bigint[]) ORDER BY owner_id FOR UPDATE',
);

const moveMarks = defineStatement('move_notice_marks', 'UPDATE notice_marks AS m SET pushed_pts = n.p FROM unnest($1::bigint[], $2::integer[]) AS n (o, p) WHERE m.owner_id = n.o');

// A device that was logged out meanwhile gets nothing. The notice of a secret chat stays due when it was, or somebody who writes fast would put it off for ever.
const insertNotices = defineStatement(
  'insert_device_notices',
  `INSERT INTO device_notices AS n (owner_id, auth_key_id, token_type, peer_id, msg_id, pts, date, due_ms)
   SELECT w.* FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::integer[], $6::integer[], $7::integer[], $8::bigint[]) AS w (o, a, t, p, m, s, d, u)
    WHERE EXISTS (SELECT FROM notice_devices WHERE user_id = o AND auth_key_id = a AND token_type = t)
   ON CONFLICT (owner_id, auth_key_id, token_type, peer_id, msg_id) DO UPDATE SET pts = excluded.pts, date = excluded.date, attempts = 0, sent_date = NULL,
     due_ms = CASE WHEN n.msg_id < -1 AND n.attempts = 0 THEN least(n.due_ms, excluded.due_ms) ELSE excluded.due_ms END`,
);

// Two processes that take at the same time wait for each other's locks, and the second one sees rows that are not due any more.
const takeDue = defineStatement<DeviceNotice>(
  'take_due_notices',
  `UPDATE device_notices SET due_ms = $1::bigint + $2::bigint, attempts = attempts + 1
    WHERE due_ms <= $1::bigint AND (owner_id, auth_key_id, token_type, peer_id, msg_id) IN
      (SELECT owner_id, auth_key_id, token_type, peer_id, msg_id FROM device_notices WHERE due_ms <= $1::bigint ORDER BY due_ms LIMIT $3::integer FOR UPDATE)
   RETURNING *`,
);

/** Notices by their keys. One that was written anew meanwhile has another pts, and stays. */
const KEYS = 'unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::integer[], $6::integer[]';

const IS_KEY = 'n.owner_id = k.o AND n.auth_key_id = k.a AND n.token_type = k.t AND n.peer_id = k.p AND n.msg_id = k.m AND n.pts = k.s';
const dropNotices = defineStatement('drop_device_notices', `DELETE FROM device_notices AS n USING ${KEYS}) AS k (o, a, t, p, m, s) WHERE ${IS_KEY}`);
const putOffNotices = defineStatement(
  'put_off_device_notices',
  `UPDATE device_notices AS n SET due_ms = k.d, attempts = n.attempts + k.i FROM ${KEYS}, $7::bigint[], $8::integer[]) AS k (o, a, t, p, m, s, d, i) WHERE ${IS_KEY}`,
);
const readNextDue = defineStatement<{ due_ms: bigint }>('read_next_due_notice', 'SELECT due_ms FROM device_notices ORDER BY due_ms LIMIT 1');

const countUnread = defineStatement<{ unread: number }>(
  'count_unread_for_badge',
  `SELECT coalesce(sum(d.unread_count), 0)::integer AS unread FROM dialogs AS d
     LEFT JOIN notify_settings AS p ON p.owner_id = d.owner_id AND p.scope = 'peer' AND p.peer_id = d.peer_id
    WHERE d.owner_id = $1::bigint AND d.folder_id = 0 AND d.unread_count > 0 AND coalesce(p.mute_until, 0) <= $2::integer`,
);

/** Channels have negative ids. */
const BELOW_ALL = -(1n << 63n);

/** Lists all users who have devices, and the channels that they follow by their marked ids, in pages. */
export async function* listNoticeOwners(db: Pick<Database, 'run'>, page: number): AsyncGenerator<bigint> {
  for (let after = BELOW_ALL; ; ) {
    const { rows } = await db.run(readOwners, [after, page]);
    for (const { owner_id } of rows) yield owner_id;
    if (rows.length < page) return;
    after = rows.at(-1)!.owner_id;
  }
}

/** Returns those of these users and channels whose notices are not decided up to now. */
export async function listNoticeRanges(reads: Queries, owners: readonly bigint[]): Promise<NoticeRange[]> {
  return (await reads.run(readRanges, [owners])).rows;
}

/** Finds users and channels whose notices are not decided up to now. */
export async function listBehind(db: Pick<Database, 'run'>, limit: number): Promise<bigint[]> {
  return (await db.run(findBehind, [limit])).rows.map(({ owner_id }) => owner_id);
}

/** Returns what settings and dialogs say about chats. */
export async function listChatFacts(reads: Pick<Database, 'run'>, of: readonly FactsOf[]): Promise<ChatFacts[]> {
  if (of.length === 0) return [];
  return (await reads.run(readFacts, [of.map(({ owner }) => owner), of.map(({ peer }) => peer), of.map(({ scope }) => scope)])).rows;
}

/**
 * Writes the notices of each owner, and moves the owner's mark on. Leaves out owners whose mark has moved since it was read: another process has decided about them meanwhile.
 * @returns the owners whose notices were written
 */
export async function saveDecided(tx: Tx, decided: ReadonlyMap<bigint, { from: number; to: number; notices: readonly NewNotice[] }>): Promise<Set<bigint>> {
  const { rows } = await tx.run(lockMarks, [[...decided.keys()]]);
  const own = rows.flatMap(({ owner_id, pushed_pts }) => (decided.get(owner_id)?.from === pushed_pts ? [owner_id] : []));
  if (own.length === 0) return new Set();
  const all = own.flatMap((owner) => decided.get(owner)!.notices);
  await insertDeviceNotices(tx, all);
  await tx.run(moveMarks, [own, own.map((owner) => decided.get(owner)!.to)]);
  return new Set(own);
}

/** Takes notices that are due, so that nobody else sends them for some time. @param leaseMs for how long */
export async function takeDueNotices(db: Database, nowMs: number, leaseMs: number, limit: number): Promise<DeviceNotice[]> {
  return (await db.transact('take-due-notices', (tx) => tx.run(takeDue, [BigInt(nowMs), BigInt(leaseMs), limit]))).rows;
}

/** A notice that is tried again. */
export interface PutOff {
  notice: DeviceNotice;
  dueMs: number;
  /** False if it was not tried now. */
  isAttempt: boolean;
}

const keysOf = (notices: readonly DeviceNotice[]) =>
  [
    notices.map(({ owner_id }) => owner_id),
    notices.map(({ auth_key_id }) => auth_key_id),
    notices.map(({ token_type }) => token_type),
    notices.map(({ peer_id }) => peer_id),
    notices.map(({ msg_id }) => msg_id),
    notices.map(({ pts }) => pts),
  ] as const;

/** Forgets notices that were sent, or that are not worth it any more, and sets when others are tried again. */
export async function doSettleNotices(tx: Tx, { dropped, putOff }: { dropped: readonly DeviceNotice[]; putOff: readonly PutOff[] }): Promise<void> {
  if (dropped.length > 0) await tx.run(dropNotices, [...keysOf(dropped)]);
  if (putOff.length === 0) return;
  await tx.run(putOffNotices, [...keysOf(putOff.map(({ notice }) => notice)), putOff.map(({ dueMs }) => BigInt(Math.ceil(dueMs))), putOff.map(({ isAttempt }) => (isAttempt ? 0 : -1))]);
}

/** When the next notice is due, in milliseconds since 1970; undefined if there is none. */
export async function findNextDue(db: Pick<Database, 'run'>): Promise<number | undefined> {
  const { rows } = await db.run(readNextDue, []);
  return rows[0] === undefined ? undefined : Number(rows[0].due_ms);
}

/** The number that an app shows on its icon: unread messages of private chats and basic groups that are neither muted nor archived. */
export async function countForBadge(db: Pick<Database, 'run'>, ownerId: bigint, nowDate: number): Promise<number> {
  return (await db.run(countUnread, [ownerId, nowDate])).rows[0]?.unread ?? 0;
}

/** Writes notices; one of the same message replaces the one that was not sent yet. */
export async function insertDeviceNotices(tx: Tx, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const column = <K extends keyof NewNotice>(name: K): NewNotice[K][] => notices.map((row) => row[name]);
  await tx.run(insertNotices, [column('owner_id'), column('auth_key_id'), column('token_type'), column('peer_id'), column('msg_id'), column('pts'), column('date'), column('due_ms')]);
}
