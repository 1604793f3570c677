import type { Database, Tx } from '@aerogram/storage';

import { listPushDevices, TokenType } from '../auth/index.ts';
import { type CallRow, findRingingFrom } from '../calls/index.ts';
import type { Users } from '../users/index.ts';
import { dropCallNotices, recallCallNotices } from './call-notice-store.ts';
import { type DeviceNotice, insertDeviceNotices } from './notice-store.ts';
import type { Ordered } from './ordered.ts';
import type { NoticePayload } from './write-notice.ts';

/** Stands in place of a message's id in a notice that somebody calls. */
export const CALL_MSG_ID = -1;
/** How long a push service may keep such a notice, in seconds: a ring that comes late is worse than none. */
export const CALL_TTL_S = 60;
/** How often it is looked whether a call still rings of which a device was told, in milliseconds. */
export const CALL_LOOK_MS = 3000;
/** Devices that are connected have acknowledged the ring after so many milliseconds, and need no notice. */
const DUE_MS = 700;

/** Names a call in place of the pts of a message. */
const ptsOf = ({ call_id }: Pick<CallRow, 'call_id'>): number => Number(BigInt.asUintN(31, call_id >> 3n));

/**
 * Writes, in the transaction of the call, that the devices of the callee are told that it rings, or that this is taken back.
 * @param silentKeyIds as `OrderCallNotices`
 * @param nowMs since 1970
 */
export async function orderCallNotices(tx: Tx, callee: CallRow, silentKeyIds: readonly bigint[] | undefined, nowMs: number): Promise<Ordered> {
  const { owner_id, peer_id } = callee;
  if (silentKeyIds === undefined) {
    await dropCallNotices(tx, owner_id, peer_id);
    return { dueMs: (await recallCallNotices(tx, owner_id, peer_id, nowMs)) ? nowMs : undefined, woken: [] };
  }
  const devices = (await listPushDevices(tx, [owner_id])).filter(({ auth_key_id }) => !silentKeyIds.includes(auth_key_id));
  const dueMs = nowMs + DUE_MS;
  const notices = devices
    .filter(({ token_type }) => token_type !== TokenType.session)
    .map(({ auth_key_id, token_type }) => ({ owner_id, auth_key_id, token_type, peer_id, msg_id: CALL_MSG_ID, pts: ptsOf(callee), date: callee.date, due_ms: BigInt(Math.ceil(dueMs)) }));
  await insertDeviceNotices(tx, notices);
  return { dueMs: notices.length > 0 ? dueMs : undefined, woken: devices.filter(({ token_type }) => token_type === TokenType.session) };
}

/** What reading such a notice needs. */
interface CallNoticeDeps {
  db: Database;
  users: Pick<Users, 'projectUsers'>;
}

/** The call of which a notice tells, if it still rings. */
export async function findRinging({ db }: Pick<CallNoticeDeps, 'db'>, { owner_id, peer_id, pts }: DeviceNotice): Promise<CallRow | undefined> {
  const row = await findRingingFrom(db, owner_id, peer_id);
  return row && ptsOf(row) === pts ? row : undefined;
}

/** Writes what a device is told of a call that rings. @param isLocked the app has locked itself: the name is left out */
export async function writeCallNotice({ users }: Pick<CallNoticeDeps, 'users'>, row: CallRow, isLocked: boolean): Promise<NoticePayload> {
  const [caller] = await users.projectUsers(row.owner_id, [row.peer_id]);
  const name = caller?._ === 'user' && !isLocked ? [caller.first_name, caller.last_name].filter(Boolean).join(' ') : '';
  return {
    loc_key: 'PHONE_CALL_REQUEST',
    loc_args: isLocked ? [] : [name],
    user_id: String(row.owner_id),
    custom: { from_id: String(row.peer_id), call_id: String(row.call_id), call_ah: String(row.access_hash), ...(row.video ? { video: '1' } : {}) },
    title: isLocked ? 'Aerogram' : name,
    description: row.video ? 'Incoming video call' : 'Incoming call',
    mute: '0',
    random_id: String(BigInt.asIntN(64, row.call_id)),
    sound: 'default',
  };
}

/** Writes that a call of which a device was told does not ring any more. */
export function withdrawCallNotice({ owner_id, peer_id }: DeviceNotice): NoticePayload {
  return { loc_key: 'PHONE_CALL_DECLINE', loc_args: [], user_id: String(owner_id), custom: { from_id: String(peer_id) }, title: '', description: '', mute: '1', random_id: '0' };
}
