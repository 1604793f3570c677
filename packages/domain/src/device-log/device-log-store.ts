import type { Bus } from '@aerogram/bus';
import { defineStatement, type SqlValue, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';

import { type DeviceEvent, FIRST_QTS, publishDeviceHint } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { DeviceEventKind, type DevicePlace, type NewDeviceEvent } from './device-event.ts';

/** The counters of the log of a device, locked. */
export interface LockedLog extends DevicePlace {
  seq: number;
  qts: number;
  confirmedQts: number;
  messageCount: number;
  messageBytes: number;
}

interface LogRow {
  owner_id: bigint;
  auth_key_id: bigint;
  seq: number;
  qts: number;
  confirmed_qts: number;
  message_count: number;
  message_bytes: bigint;
}

// A log enters the current epoch here, as counters do when they are locked: its numbers jump, so that none is given twice that a client may have seen.
const lockLogs = defineStatement<LogRow>(
  'lock_device_logs',
  `SELECT d.owner_id, d.auth_key_id, d.seq + jump AS seq, d.qts + jump AS qts, d.confirmed_qts, d.message_count, d.message_bytes
     FROM (SELECT l.*, ((SELECT value::integer FROM meta WHERE key = 'epoch') - l.epoch) * 1000000 AS jump
             FROM device_logs l JOIN unnest($1::bigint[], $2::bigint[]) AS n (owner_id, auth_key_id) ON n.owner_id = l.owner_id AND n.auth_key_id = l.auth_key_id
            ORDER BY l.owner_id, l.auth_key_id FOR UPDATE OF l) AS d`,
);

// A log begins where the box of its owner is, which is where the client believes it is. A device that was logged out meanwhile gets none.
const createLogs = defineStatement(
  'create_device_logs',
  `INSERT INTO device_logs (owner_id, auth_key_id, seq, qts, confirmed_qts, message_count, message_bytes, epoch)
   SELECT a.user_id, a.auth_key_id, (e.value::integer - 1) * 1000000, GREATEST(c.qts, ${FIRST_QTS}), GREATEST(c.qts, ${FIRST_QTS}), 0, 0, e.value::integer
     FROM unnest($1::bigint[], $2::bigint[]) AS n (owner_id, auth_key_id)
     JOIN authorizations a ON a.user_id = n.owner_id AND a.auth_key_id = n.auth_key_id
     JOIN meta e ON e.key = 'epoch'
     LEFT JOIN counters_now c ON c.owner_id = n.owner_id
    ORDER BY a.user_id, a.auth_key_id
   ON CONFLICT DO NOTHING`,
);

const saveLogs = defineStatement(
  'save_device_logs',
  `UPDATE device_logs AS d
      SET seq = n.seq, qts = n.qts, confirmed_qts = n.confirmed_qts, message_count = n.message_count, message_bytes = n.message_bytes, epoch = (SELECT value::integer FROM meta WHERE key = 'epoch')
     FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::bigint[])
          AS n (owner_id, auth_key_id, seq, qts, confirmed_qts, message_count, message_bytes)
    WHERE d.owner_id = n.owner_id AND d.auth_key_id = n.auth_key_id`,
);

const insertEvents = defineStatement(
  'insert_device_events',
  `INSERT INTO device_events (owner_id, auth_key_id, seq, qts, kind, chat_id, date, random_id, file_id, payload)
   SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::smallint[], $6::integer[], $7::integer[], $8::bigint[], $9::bigint[], $10::bytea[])
   ON CONFLICT (owner_id, auth_key_id, chat_id, kind) WHERE qts = 0 DO UPDATE SET seq = excluded.seq, date = excluded.date, payload = excluded.payload`,
);

const deleteConfirmed = defineStatement<{ bytes: number; random_id: bigint | null }>(
  'delete_confirmed_device_events',
  'DELETE FROM device_events WHERE owner_id = $1 AND auth_key_id = $2 AND qts > 0 AND qts <= $3 RETURNING octet_length(payload) AS bytes, random_id',
);

const countInChat = defineStatement<{ count: number; bytes: bigint }>(
  'count_device_messages_of_chat',
  `SELECT count(*)::integer AS count, COALESCE(sum(octet_length(payload)), 0)::bigint AS bytes FROM device_events
    WHERE owner_id = $1 AND auth_key_id = $2 AND qts > 0 AND chat_id = $3`,
);

const deleteEvents = defineStatement('delete_device_events', 'DELETE FROM device_events WHERE owner_id = $1 AND auth_key_id = ANY ($2::bigint[])');

const deleteLogs = defineStatement('delete_device_logs', 'DELETE FROM device_logs WHERE owner_id = $1 AND auth_key_id = ANY ($2::bigint[])');

// A device has the last state of a chat when it asked for what came after it.
const deletePassedStates = defineStatement(
  'delete_passed_device_events',
  `DELETE FROM device_events AS e USING (
     SELECT o.owner_id, o.auth_key_id, o.seq FROM device_events o JOIN authorizations a ON a.user_id = o.owner_id AND a.auth_key_id = o.auth_key_id
      WHERE o.qts = 0 AND a.confirmed_date IS NOT NULL AND o.date < LEAST(a.confirmed_date - 86400, $1::integer) LIMIT $2::integer) AS g
    WHERE e.owner_id = g.owner_id AND e.auth_key_id = g.auth_key_id AND e.seq = g.seq`,
);

const listOrphans = defineStatement<{ owner_id: bigint; auth_key_id: bigint }>(
  'list_orphan_device_logs',
  `SELECT d.owner_id, d.auth_key_id FROM device_logs d
    WHERE NOT EXISTS (SELECT FROM authorizations a WHERE a.user_id = d.owner_id AND a.auth_key_id = d.auth_key_id) LIMIT $1`,
);

const deleteOfChat = defineStatement('delete_device_events_of_chat', 'DELETE FROM device_events WHERE owner_id = $1 AND chat_id = ANY ($2::integer[]) AND qts = 0');

/** Locks the logs of devices, in ascending order of owner and device; creates those that are missing. Devices that are logged out are left out. */
export async function lockDeviceLogs(tx: Tx, devices: readonly DevicePlace[]): Promise<LockedLog[]> {
  const columns = columnsOf(devices);
  let { rows } = await tx.run(lockLogs, columns);
  if (rows.length < devices.length) {
    await tx.run(createLogs, columns);
    ({ rows } = await tx.run(lockLogs, columns));
  }
  return rows.map((row) => ({
    owner: row.owner_id,
    authKeyId: row.auth_key_id,
    seq: row.seq,
    qts: row.qts,
    confirmedQts: row.confirmed_qts,
    messageCount: row.message_count,
    messageBytes: Number(row.message_bytes),
  }));
}

/** Events longer than this, in bytes, do not travel in hints: whoever hears of them reads them. */
const HINTED_MAX_BYTES = 16 * 1024;

/** An event with its numbers. */
interface NumberedEvent {
  log: LockedLog;
  event: NewDeviceEvent;
  seq: number;
  qts: number;
  update: tl.Update;
  payload: Uint8Array;
}

/**
 * Appends events to the logs of devices, and publishes hints after the COMMIT. Events for devices that are logged out are left out. Of what is no message, a call appends one event of
 * each kind for a device and chat.
 * @param bus without one, nobody is told
 * @param locked the logs, if the caller has locked them. They are then written together with the COMMIT, so the transaction must not append to them again
 * @returns the logs that got events
 */
export async function appendDeviceEvents(tx: Tx, bus: Bus | undefined, events: readonly NewDeviceEvent[], locked?: readonly LockedLog[]): Promise<LockedLog[]> {
  if (events.length === 0) return [];
  const logs = new Map((locked ?? (await lockDeviceLogs(tx, uniqueDevices(events)))).map((log) => [placeKey(log), log]));
  const numbered = events.flatMap((event) => {
    const log = logs.get(placeKey(event));
    return log === undefined ? [] : [numberEvent(log, event)];
  });
  if (numbered.length === 0) return [];
  const changed = groupBy(numbered, ({ log }) => log);
  const counters = countersOf([...changed.keys()]);
  const rows = [
    numbered.map(({ event }) => event.owner),
    numbered.map(({ event }) => event.authKeyId),
    numbered.map(({ seq }) => seq),
    numbered.map(({ qts }) => qts),
    numbered.map(({ event }) => event.kind),
    numbered.map(({ event }) => event.chatId),
    numbered.map(({ event }) => event.date),
    numbered.map(({ event }) => event.randomId ?? null),
    numbered.map(({ event }) => event.fileId ?? null),
    numbered.map(({ payload }) => payload),
  ];
  if (locked === undefined) {
    await tx.run(saveLogs, counters);
    await tx.run(insertEvents, rows);
  } else {
    tx.runLast(saveLogs, counters);
    tx.runLast(insertEvents, rows);
  }
  if (bus !== undefined) tx.afterCommit(() => publishHints(bus, changed));
  return [...changed.keys()];
}

function numberEvent(log: LockedLog, event: NewDeviceEvent): NumberedEvent {
  const seq = ++log.seq;
  const isMessage = event.kind === DeviceEventKind.message;
  const qts = isMessage ? ++log.qts : 0;
  const update = event.make(qts);
  const payload = storedEncode(update);
  if (isMessage) {
    log.messageCount += 1;
    log.messageBytes += payload.length;
  }
  return { log, event, seq, qts, update, payload };
}

/** Publishes a hint for each log. */
function publishHints(bus: Bus, changed: ReadonlyMap<LockedLog, readonly NumberedEvent[]>): void {
  for (const [{ owner, authKeyId }, events] of changed) {
    const isShort = events.every(({ payload }) => payload.length <= HINTED_MAX_BYTES);
    const hinted: DeviceEvent[] = isShort ? events.map(({ seq, event, update }) => ({ seq, date: event.date, update })) : [];
    publishDeviceHint(bus, { kind: 'device', owner, authKeyId, seq: events.at(-1)!.seq, events: hinted });
  }
}

/**
 * Deletes the messages up to a qts from the log of a device, which has them.
 * @returns the random ids of the deleted messages
 */
export async function confirmDeviceMessages(tx: Tx, device: DevicePlace, qts: number): Promise<bigint[]> {
  const [log] = (await tx.run(lockLogs, columnsOf([device]))).rows;
  if (log === undefined || qts <= log.confirmed_qts) return [];
  const confirmedQts = Math.min(qts, log.qts);
  const { rows } = await tx.run(deleteConfirmed, [device.owner, device.authKeyId, confirmedQts]);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  tx.runLast(saveLogs, countersOf([{ ...device, seq: log.seq, qts: log.qts, confirmedQts, messageCount: log.message_count - rows.length, messageBytes: Number(log.message_bytes) - bytes }]));
  return rows.flatMap(({ random_id: randomId }) => (randomId === null ? [] : [randomId]));
}

/** Counts the messages of a chat that wait in the log of a device, and their bytes. */
export async function countQueuedInChat(tx: Tx, { owner, authKeyId }: DevicePlace, chatId: number): Promise<{ count: number; bytes: number }> {
  const { count, bytes } = (await tx.run(countInChat, [owner, authKeyId, chatId])).rows[0]!;
  return { count, bytes: Number(bytes) };
}

/** Deletes the logs of devices that are logged out. */
export async function endDeviceLogs(tx: Tx, owner: bigint, authKeyIds: readonly bigint[]): Promise<void> {
  // The log first: whoever adds an event has locked it, so that no event comes after this.
  await tx.run(deleteLogs, [owner, authKeyIds]);
  await tx.run(deleteEvents, [owner, authKeyIds]);
}

/** Deletes a slice of what devices have passed, messages apart. @param beforeDate unix seconds @returns how many events */
export async function deletePassedEvents(tx: Tx, beforeDate: number, limit: number): Promise<number> {
  return (await tx.run(deletePassedStates, [beforeDate, limit])).count;
}

/** Deletes logs that were begun while their device was being logged out. */
export async function deleteOrphanLogs(tx: Tx, limit: number): Promise<void> {
  for (const row of (await tx.run(listOrphans, [limit])).rows) await endDeviceLogs(tx, row.owner_id, [row.auth_key_id]);
}

/** Deletes what the devices of an owner were told of chats, messages apart. */
export async function dropChatEvents(tx: Tx, owner: bigint, chatIds: readonly number[]): Promise<void> {
  await tx.run(deleteOfChat, [owner, chatIds]);
}

/** The columns in which the counters of logs are written. */
function countersOf(logs: readonly LockedLog[]): SqlValue[] {
  return [
    logs.map((log) => log.owner),
    logs.map((log) => log.authKeyId),
    logs.map((log) => log.seq),
    logs.map((log) => log.qts),
    logs.map((log) => log.confirmedQts),
    logs.map((log) => log.messageCount),
    logs.map((log) => BigInt(log.messageBytes)),
  ];
}

const placeKey = ({ owner, authKeyId }: DevicePlace): string => `${owner}:${authKeyId}`;

function uniqueDevices(events: readonly DevicePlace[]): DevicePlace[] {
  return [...new Map(events.map((event) => [placeKey(event), event])).values()];
}

function columnsOf(devices: readonly DevicePlace[]): [bigint[], bigint[]] {
  return [devices.map(({ owner }) => owner), devices.map(({ authKeyId }) => authKeyId)];
}
