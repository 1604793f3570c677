import { type Database, defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import type { DeviceEvent } from '../events/index.ts';
import type { DevicePlace } from './device-event.ts';

/** The last known positions of the logs of devices, one array per column. */
export interface KnownDevices {
  owners: readonly bigint[];
  authKeyIds: readonly bigint[];
  seqs: readonly number[];
}

/** The log of a device that is not where it was known to be. */
export interface MovedDevice extends DevicePlace {
  seq: number;
}

/** Events of the log of a device, as many as may be pushed. */
export interface DeviceSlice {
  events: DeviceEvent[];
  /** The position of the log when it was read. */
  seq: number;
  /** Whether the log has more of them. */
  more: boolean;
}

/** What a device missed of its log, as much as fits into one answer. */
export interface DeviceDifference {
  messages: tl.EncryptedMessage[];
  /** Everything else. */
  updates: tl.Update[];
  /** The qts that the device reaches. */
  qts: number;
  /** Whether there are more messages. */
  more: boolean;
}

interface EventRow {
  seq: number;
  qts: number;
  date: number;
  payload: Uint8Array;
}

/** Approximate maximum size of the events in one answer or catch-up, in bytes. */
const SLICE_BYTES = 1024 * 1024;
/** Maximum number of events that are no messages in one answer. There are two of each chat at most, and few chats begin within the seconds that are read. */
const STATES_MAX = 10_000;

const readSeq = defineStatement<{ seq: number }>('read_device_log', 'SELECT seq FROM device_logs_now WHERE owner_id = $1 AND auth_key_id = $2');

// Nearly all logs are unchanged, so only those that moved are returned.
const readMoved = defineStatement<{ owner_id: bigint; auth_key_id: bigint; seq: number }>(
  'read_moved_device_logs',
  `SELECT d.owner_id, d.auth_key_id, d.seq
     FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS known (owner_id, auth_key_id, seq)
     JOIN device_logs_now d ON d.owner_id = known.owner_id AND d.auth_key_id = known.auth_key_id
    WHERE d.seq <> known.seq`,
);

const COLUMNS = 'seq, qts, date, payload';

const readSince = defineStatement<EventRow>(
  'read_device_events_since',
  `SELECT ${COLUMNS} FROM (
     SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) - octet_length(payload) AS bytes_before
       FROM (SELECT * FROM device_events WHERE owner_id = $1 AND auth_key_id = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5) AS first_rows) AS page
    WHERE bytes_before < ${SLICE_BYTES} ORDER BY seq`,
);

const readMessages = defineStatement<EventRow>(
  'read_device_messages',
  `SELECT ${COLUMNS} FROM (
     SELECT *, sum(octet_length(payload)) OVER (ORDER BY qts ROWS UNBOUNDED PRECEDING) - octet_length(payload) AS bytes_before
       FROM (SELECT * FROM device_events WHERE owner_id = $1 AND auth_key_id = $2 AND qts > 0 AND qts > $3 AND qts <= $4 ORDER BY qts LIMIT $5) AS first_rows) AS page
    WHERE bytes_before < ${SLICE_BYTES} ORDER BY qts`,
);

const readLast = defineStatement<{ qts: number }>('read_last_device_message', 'SELECT qts FROM device_events WHERE owner_id = $1 AND auth_key_id = $2 AND qts > 0 AND qts <= $3 ORDER BY qts DESC LIMIT 1');

const readStates = defineStatement<EventRow>(
  'read_device_states',
  `SELECT ${COLUMNS} FROM device_events WHERE owner_id = $1 AND auth_key_id = $2 AND qts = 0 AND date >= $3 AND seq <= $4 ORDER BY seq LIMIT ${STATES_MAX}`,
);

/** Lists the logs that are not at their last known position, with the current one. Devices without a log are left out. */
export async function listMovedDevices(db: Pick<Database, 'run'>, { owners, authKeyIds, seqs }: KnownDevices): Promise<MovedDevice[]> {
  const { rows } = await db.run(readMoved, [owners, authKeyIds, seqs]);
  return rows.map((row) => ({ owner: row.owner_id, authKeyId: row.auth_key_id, seq: row.seq }));
}

/** Reads the position of a log first, then at most `limit` events after `seq` (rule S2, counter first). */
export async function listDeviceEvents(db: Pick<Database, 'run'>, { owner, authKeyId }: DevicePlace, seq: number, limit: number): Promise<DeviceSlice> {
  const now = (await db.run(readSeq, [owner, authKeyId])).rows[0]?.seq ?? 0;
  if (now <= seq) return { events: [], seq: now, more: false };
  const { rows } = await db.run(readSince, [owner, authKeyId, seq, now, limit + 1]);
  const events = rows.slice(0, limit).map((row) => ({ seq: row.seq, date: row.date, update: updateOf(row) }));
  const last = events.at(-1)?.seq ?? now;
  const more = rows.length > limit || (last < now && (await db.run(readSince, [owner, authKeyId, last, now, 1])).rows.length > 0);
  return { events, seq: now, more };
}

/** From where a device lacks what is in its log. */
export interface DeviceLack {
  qts: number;
  /** What is no message and is dated from here on is included, in unix seconds. */
  sinceDate: number;
  /** Maximum number of messages. */
  limit: number;
}

/**
 * Reads what a device missed of its log. The position of the log was read before, and nothing beyond it is returned (rule S2, counter first).
 * @param position of the log
 */
export async function listDeviceDifference(db: Pick<Database, 'run'>, { owner, authKeyId }: DevicePlace, position: DeviceLogPosition, lack: DeviceLack): Promise<DeviceDifference> {
  const [messages, states] = await Promise.all([
    db.run(readMessages, [owner, authKeyId, lack.qts, position.qts, lack.limit]),
    db.run(readStates, [owner, authKeyId, lack.sinceDate, position.seq]),
  ]);
  const last = messages.rows.at(-1)?.qts;
  const more = last !== undefined && last < position.qts && ((await db.run(readLast, [owner, authKeyId, position.qts])).rows[0]?.qts ?? 0) > last;
  return { messages: messages.rows.flatMap((row) => messageOf(updateOf(row))), updates: states.rows.map(updateOf), qts: more ? last : position.qts, more };
}

/** Where the log of a device is. */
export interface DeviceLogPosition {
  qts: number;
  seq: number;
}

function updateOf({ payload }: EventRow): tl.Update {
  // The cast is safe: nothing else is stored there.
  return storedDecode(payload) as tl.Update;
}

function messageOf(update: tl.Update): tl.EncryptedMessage[] {
  return update._ === 'updateNewEncryptedMessage' ? [update.message] : [];
}
