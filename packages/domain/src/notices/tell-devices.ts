import type { Reach } from '@aerogram/bus';

import { listPushDevices, type PushDeviceRow, TokenType } from '../auth/index.ts';
import type { MessageRow } from '../events/index.ts';
import type { DecideDeps } from './decide-deps.ts';
import { noticeDelayMs } from './decide-notice.ts';
import type { NewNotice } from './notice-store.ts';

/** What the devices of some people get. */
export interface Told {
  notices: NewNotice[];
  /** Devices of which a session is to be woken. */
  woken: PushDeviceRow[];
}

/**
 * Decides when each device is told. Those that have acknowledged everything are not.
 * @param told the messages of which each user is told
 * @param isOnline whether a user is using some device now
 */
export async function tellDevices({ db, clock, questions }: DecideDeps, told: ReadonlyMap<bigint, readonly MessageRow[]>, isOnline: (userId: bigint) => boolean): Promise<Told> {
  const devices = await listPushDevices(db, [...told.keys()]);
  const keys = [...new Set(devices.map(({ auth_key_id }) => auth_key_id))];
  const reach = new Map(await Promise.all(keys.map(async (key): Promise<[bigint, Reach]> => [key, await questions.ask(key)])));
  const [notices, woken]: [NewNotice[], PushDeviceRow[]] = [[], []];
  for (const device of devices) {
    const { user_id: owner_id, auth_key_id, token_type } = device;
    const delayMs = noticeDelayMs({ reach: reach.get(auth_key_id)!, isUsedElsewhere: isOnline(owner_id) });
    if (delayMs === undefined) continue;
    if (token_type === TokenType.session) {
      woken.push(device);
      continue;
    }
    const due_ms = BigInt(Math.ceil(clock.nowMs() + delayMs));
    for (const { peer_id, msg_id, pts, date } of told.get(owner_id)!) notices.push({ owner_id, auth_key_id, token_type, peer_id, msg_id, pts, date, due_ms });
  }
  return { notices, woken };
}

/** When the first of some notices is due, in milliseconds since 1970; undefined if there is none. Pure. */
export function firstDue(notices: Iterable<Pick<NewNotice, 'due_ms'>>): number | undefined {
  let first: number | undefined;
  for (const { due_ms } of notices) first = Math.min(first ?? Infinity, Number(due_ms));
  return first;
}
