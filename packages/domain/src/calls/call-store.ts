import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import type { UserKey } from '../shared/index.ts';
import type { CallProtocol } from './call-protocol.ts';
import type { CallEnd } from './call-reason.ts';
import { CALL_LIMITS, type CallRow, NO_DEVICE } from './call-row.ts';

const findSilent = defineStatement<{ auth_key_id: bigint }>('find_devices_without_calls', 'SELECT auth_key_id FROM authorizations WHERE user_id = $1 AND call_requests_disabled');

const findOne = defineStatement<CallRow>('find_phone_call', 'SELECT * FROM phone_calls WHERE owner_id = $1 AND call_id = $2');

// The lower id first, as counters are locked.
const lockBoth = defineStatement<CallRow>(
  'lock_phone_call',
  'SELECT * FROM phone_calls WHERE owner_id = ANY ($1::bigint[]) AND call_id = $2::bigint ORDER BY owner_id FOR UPDATE',
);

const findRequest = defineStatement<CallRow>(
  'find_phone_call_request',
  `SELECT * FROM phone_calls WHERE owner_id = $1 AND auth_key_id = $2 AND random_id = $3 AND peer_id = $4 AND g_a_hash = $5 AND is_caller ORDER BY date DESC LIMIT 1`,
);

const countWaiting = defineStatement<WaitingCalls>(
  'count_waiting_phone_calls',
  `SELECT (count(*) FILTER (WHERE owner_id = $1::bigint AND is_caller))::integer AS made, (count(*) FILTER (WHERE owner_id = $1::bigint AND is_caller AND peer_id = $2::bigint))::integer AS between,
          (count(*) FILTER (WHERE owner_id = $2::bigint AND NOT is_caller))::integer AS ringing
     FROM phone_calls WHERE owner_id IN ($1::bigint, $2::bigint) AND ended_date IS NULL AND started_date IS NULL`,
);

const insertBoth = defineStatement(
  'insert_phone_call',
  `INSERT INTO phone_calls (owner_id, call_id, is_caller, peer_id, access_hash, auth_key_id, peer_auth_key_id, random_id, video, g_a_hash, protocol_flags, min_layer, max_layer, versions, date, deadline)
   SELECT o.owner_id, $4::bigint, o.is_caller, o.peer_id, o.access_hash, o.auth_key_id, o.peer_auth_key_id, $5::integer, $6::boolean, $7::bytea, $8::integer, $9::integer, $10::integer, $11::text[], $12::integer, $13::integer
     FROM (VALUES ($1::bigint, true, $2::bigint, $14::bigint, $3::bigint, ${NO_DEVICE}::bigint), ($2::bigint, false, $1::bigint, $15::bigint, ${NO_DEVICE}::bigint, $3::bigint))
       AS o (owner_id, is_caller, peer_id, access_hash, auth_key_id, peer_auth_key_id)`,
);

const OF_BOTH = 'owner_id = ANY ($1::bigint[]) AND call_id = $2::bigint';

const noteReceived = defineStatement<CallRow>(
  'note_phone_call_received',
  `UPDATE phone_calls SET received_date = coalesce(received_date, $3::integer), deadline = CASE WHEN received_date IS NULL THEN $4::integer ELSE deadline END,
          received_by = CASE WHEN is_caller THEN received_by ELSE array_append(received_by, $5::bigint) END
    WHERE ${OF_BOTH} RETURNING *`,
);

const noteAccepted = defineStatement<CallRow>(
  'note_phone_call_accepted',
  `UPDATE phone_calls SET accepted_date = $3::integer, received_date = coalesce(received_date, $3::integer), deadline = $4::integer, g_b = $5::bytea,
          auth_key_id = CASE WHEN is_caller THEN auth_key_id ELSE $6::bigint END, peer_auth_key_id = CASE WHEN is_caller THEN $6::bigint ELSE peer_auth_key_id END,
          protocol_flags = $7::integer, min_layer = $8::integer, max_layer = $9::integer, versions = $10::text[]
    WHERE ${OF_BOTH} RETURNING *`,
);

const noteStarted = defineStatement<CallRow>(
  'note_phone_call_started',
  `UPDATE phone_calls SET started_date = $3::integer, deadline = $4::integer, g_a = $5::bytea, fingerprint = $6::bigint, p2p = $7::boolean WHERE ${OF_BOTH} RETURNING *`,
);

const noteEnded = defineStatement<CallRow>('note_phone_call_ended', `UPDATE phone_calls SET ended_date = $3::integer, reason = $4::integer, duration = $5::integer WHERE ${OF_BOTH} RETURNING *`);

const findTalk = defineStatement('find_talking_phone_call', 'SELECT FROM phone_calls WHERE ended_date IS NULL AND started_date IS NOT NULL LIMIT 1');

const noteRating = defineStatement('note_phone_call_rating', 'UPDATE phone_calls SET rating = $3::integer WHERE owner_id = $1 AND call_id = $2 AND rating IS NULL');

const findOverdue = defineStatement<Pick<CallRow, 'owner_id' | 'call_id' | 'peer_id'>>(
  'find_overdue_phone_calls',
  'SELECT owner_id, call_id, peer_id FROM phone_calls WHERE ended_date IS NULL AND deadline <= $1::integer ORDER BY deadline, call_id LIMIT $2::integer',
);

const endTime = defineStatement(
  'end_time_of_phone_calls',
  `UPDATE phone_calls AS c SET deadline = $3::integer
     FROM (SELECT call_id, owner_id, peer_id FROM phone_calls WHERE owner_id = $1::bigint AND ended_date IS NULL AND auth_key_id = ANY ($2::bigint[])) AS o
    WHERE c.call_id = o.call_id AND c.owner_id IN (o.owner_id, o.peer_id)`,
);

const findFrom = defineStatement<CallRow>(
  'find_ringing_phone_call',
  'SELECT * FROM phone_calls WHERE owner_id = $1 AND peer_id = $2 AND ended_date IS NULL AND accepted_date IS NULL AND NOT is_caller ORDER BY date DESC LIMIT 1',
);

const findRecent = defineStatement<CallRow>(
  'find_recent_phone_calls',
  'SELECT * FROM phone_calls WHERE owner_id = $1::bigint AND (ended_date IS NULL OR ended_date >= $2::integer) ORDER BY ended_date IS NULL DESC, date DESC LIMIT $3::integer',
);

/** What names one call for both sides. */
export type CallOfTwo = Pick<CallRow, 'owner_id' | 'peer_id' | 'call_id'>;

const keyOf = ({ owner_id, peer_id, call_id }: CallOfTwo): [bigint[], bigint] => [[owner_id, peer_id], call_id];

/** Finds one side of a call. */
export async function findCall(db: Pick<Database, 'run'>, ownerId: bigint, callId: bigint): Promise<CallRow | undefined> {
  return (await db.run(findOne, [ownerId, callId])).rows[0];
}

/** Locks both sides of a call: whatever decides about it waits for this lock. @returns the sides that are there; one is missing if its account was deleted */
export async function lockCall(tx: Tx, call: CallOfTwo): Promise<CallRow[]> {
  return (await tx.run(lockBoth, keyOf(call))).rows;
}

/** What a device sends to call somebody. */
export interface CallRequest extends UserKey {
  peerId: bigint;
  randomId: number;
  gAHash: Uint8Array;
}

/** Finds the call that a repeated request has made. */
export async function findRequested(db: Pick<Database, 'run'>, { userId, authKeyId, randomId, peerId, gAHash }: CallRequest): Promise<CallRow | undefined> {
  return (await db.run(findRequest, [userId, authKeyId, randomId, peerId, gAHash])).rows[0];
}

/** How many calls there are in which nobody talks yet. */
export interface WaitingCalls {
  /** Made by the caller. */
  made: number;
  /** Of these, to the callee. */
  between: number;
  /** Made to the callee by anybody. */
  ringing: number;
}

/** Counts the calls of two people in which nobody talks yet. */
export async function countWaitingCalls(tx: Tx, callerId: bigint, calleeId: bigint): Promise<WaitingCalls> {
  return (await tx.run(countWaiting, [callerId, calleeId])).rows[0]!;
}

/** A call that begins. */
export interface NewCall extends CallRequest {
  callId: bigint;
  /** Of the caller and the callee. */
  accessHashes: [bigint, bigint];
  video: boolean;
  protocol: CallProtocol;
}

/** Writes both sides of a call that begins. */
export async function insertCall(tx: Tx, { userId, authKeyId, peerId, randomId, gAHash, callId, accessHashes, video, protocol }: NewCall, nowDate: number): Promise<CallRow[]> {
  const { protocol_flags, min_layer, max_layer, versions } = protocol;
  await tx.run(insertBoth, [userId, peerId, authKeyId, callId, randomId, video, gAHash, protocol_flags, min_layer, max_layer, versions, nowDate, nowDate + CALL_LIMITS.receiveS, ...accessHashes]);
  return lockCall(tx, { owner_id: userId, peer_id: peerId, call_id: callId });
}

/** Writes that a device rings. The time for an answer begins with the first one. */
export async function saveReceived(tx: Tx, call: CallOfTwo, authKeyId: bigint, nowDate: number): Promise<CallRow[]> {
  return (await tx.run(noteReceived, [...keyOf(call), nowDate, nowDate + CALL_LIMITS.ringS, authKeyId])).rows;
}

/** Writes which device has answered. @param protocol of both */
export async function saveAccepted(tx: Tx, call: CallOfTwo, answer: { authKeyId: bigint; gB: Uint8Array; protocol: CallProtocol }, nowDate: number): Promise<CallRow[]> {
  const { protocol_flags, min_layer, max_layer, versions } = answer.protocol;
  return (await tx.run(noteAccepted, [...keyOf(call), nowDate, nowDate + CALL_LIMITS.connectS, answer.gB, answer.authKeyId, protocol_flags, min_layer, max_layer, versions])).rows;
}

/** Writes that the keys were exchanged. */
export async function saveStarted(tx: Tx, call: CallOfTwo, keys: { gA: Uint8Array; fingerprint: bigint; p2p: boolean }, nowDate: number): Promise<CallRow[]> {
  return (await tx.run(noteStarted, [...keyOf(call), nowDate, nowDate + CALL_LIMITS.talkS, keys.gA, keys.fingerprint, keys.p2p])).rows;
}

/** Writes how a call has ended. */
export async function saveEnded(tx: Tx, call: CallOfTwo, { reason, duration }: CallEnd, nowDate: number): Promise<CallRow[]> {
  return (await tx.run(noteEnded, [...keyOf(call), nowDate, reason, duration])).rows;
}

/** Writes what one side thought of a call. @returns whether it is the first time */
export async function saveRating(tx: Tx, { owner_id, call_id }: CallOfTwo, rating: number): Promise<boolean> {
  return (await tx.run(noteRating, [owner_id, call_id, rating])).count > 0;
}

/** Lists the sides of calls whose time is over. One may be alone, if the other account was deleted. */
export async function listOverdue(db: Pick<Database, 'run'>, nowDate: number, limit: number): Promise<CallOfTwo[]> {
  return (await db.run(findOverdue, [nowDate, limit])).rows;
}

/** Ends the time of the calls in which these devices take part, because they are logged out: the job that looks for such calls ends them soon. */
export async function endTimeOfCalls(tx: Tx, ownerId: bigint, authKeyIds: readonly bigint[], nowDate: number): Promise<void> {
  await tx.run(endTime, [ownerId, authKeyIds, nowDate]);
}

/** Finds the newest call from somebody that rings. */
export async function findRingingFrom(db: Pick<Database, 'run'>, ownerId: bigint, callerId: bigint): Promise<CallRow | undefined> {
  return (await db.run(findFrom, [ownerId, callerId])).rows[0];
}

/** Lists the calls of somebody that have not ended before a date. */
export async function listRecent(db: Pick<Database, 'run'>, ownerId: bigint, endedSince: number, limit: number): Promise<CallRow[]> {
  return (await db.run(findRecent, [ownerId, endedSince, limit])).rows;
}

/** Lists the devices of somebody on which no calls are wanted, by their permanent auth keys. */
export async function listSilentDevices(db: Pick<Database, 'run'>, ownerId: bigint): Promise<bigint[]> {
  return (await db.run(findSilent, [ownerId])).rows.map((row) => row.auth_key_id);
}

/** Whether anybody talks now. */
export async function hasTalks(db: Pick<Database, 'run'>): Promise<boolean> {
  return (await db.run(findTalk, [])).rows.length > 0;
}
