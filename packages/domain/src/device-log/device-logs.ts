import type { Bus } from '@aerogram/bus';
import type { Clock } from '@aerogram/runtime';
import { type Database, defineJobKind, defineRecurringJob, type JobKind, jsonCodec, type Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { publishDeviceHint } from '../events/index.ts';
import type { DevicePlace } from './device-event.ts';
import { confirmDeviceMessages, deleteOrphanLogs, deletePassedEvents, type LockedLog } from './device-log-store.ts';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
/** Events younger than this are kept, because a device may be restored from an old backup of its own. */
const KEPT_S = 30 * DAY_S;
/** Rows deleted by one statement. */
const SLICE = 1000;

/** What a device confirms, and what it is shown without being stored. */
export interface DeviceLogs {
  /**
   * Deletes the messages up to a qts from the log of a device, because the device has them.
   * @returns the random ids of the deleted messages
   */
  doConfirm(device: DevicePlace, qts: number): Promise<bigint[]>;
  /** Shows an update to one device, if it is online. */
  show(device: DevicePlace, update: tl.Update): void;
  readonly jobKinds: readonly JobKind[];
}

/** A log that has moved, as plain data. */
type MovedLog = Record<'owner' | 'authKeyId', string> & { seq: number };

/** Publishes that logs have moved. */
function defineTelling(publish?: (log: MovedLog) => void) {
  return defineJobKind<{ logs: MovedLog[] }>({
    kind: 'tell-devices',
    codec: jsonCodec(),
    run({ logs }) {
      for (const log of logs) publish?.(log);
      return Promise.resolve();
    },
  });
}

/** Orders that devices are told of what a transaction has appended to their logs, for code that has no bus. */
export async function orderTelling(tx: Tx, logs: readonly LockedLog[]): Promise<void> {
  const moved = logs.map(({ owner, authKeyId, seq }): MovedLog => ({ owner: String(owner), authKeyId: String(authKeyId), seq }));
  if (moved.length > 0) await tx.job(defineTelling().order(logs[0]!.owner, { logs: moved }));
}

/** Creates the operations on the logs of devices. */
export function createDeviceLogs({ db, bus, clock }: { db: Database; bus: Bus; clock: Clock }): DeviceLogs {
  const prune = async (signal: AbortSignal): Promise<void> => {
    for (let gone = SLICE; gone === SLICE; ) {
      signal.throwIfAborted();
      gone = await db.transact('prune-device-events', (tx) => deletePassedEvents(tx, clock.now() - KEPT_S, SLICE));
    }
    await db.transact('prune-device-logs', (tx) => deleteOrphanLogs(tx, SLICE));
  };
  return {
    doConfirm: (device, qts) => db.transact('confirm-device-messages', (tx) => confirmDeviceMessages(tx, device, qts)),
    show: ({ owner, authKeyId }, update) => publishDeviceHint(bus, { kind: 'device', owner, authKeyId, seq: 0, events: [], transient: update }),
    jobKinds: [
      defineTelling(({ owner, authKeyId, seq }) => publishDeviceHint(bus, { kind: 'device', owner: BigInt(owner), authKeyId: BigInt(authKeyId), seq, events: [] })),
      defineRecurringJob({ kind: 'prune-device-events', everyMs: 6 * HOUR_MS, clockNeed: 'proven', run: ({ signal }) => prune(signal) }),
    ],
  };
}
