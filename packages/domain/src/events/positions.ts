import type { Clock, Logger } from '@aerogram/runtime';
import { type Database, defineRecurringJob, type JobKind } from '@aerogram/storage';

import { groupBy, WriteBehindBuffer } from '../shared/index.ts';
import { askedDate } from './asked-date.ts';
import { FIRST_QTS } from './box-store.ts';
import { type Confirmed, deletePassed, deletePassedQts, listPassed, type PassedLog, saveConfirmed } from './position-store.ts';

const WRITE_MS = 60_000;
const MAX_NOTED = 100_000;
const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
/** Events younger than this are never deleted, because a device may be restored from an old backup of its own. */
const KEPT_S = 30 * DAY_S;
/**
 * Events must also be this much older than the date that the device sent with its position. A device may have passed updates without pts
 * that it never got (see list-events.ts), and while it fetches slices its date stays at the old value, to which a crash resets it.
 */
const BEFORE_ITS_DATE_S = DAY_S;
/** Boxes examined by one statement. */
const BOXES = 100;
/** Events deleted from each box by one statement. */
const EVENTS = 100;

/** Where a device is in its owner's box. */
export interface DevicePosition {
  pts: number;
  qts: number;
}

/**
 * The position of each device in its owner's box. A call of getDifference from a position confirms everything before it; merely sending
 * events confirms nothing. The log of a box is kept until every device has passed it (rule P15, long lags).
 */
export interface Positions extends AsyncDisposable {
  /** Records that the device asked for the difference from this position, and the date that it sent. */
  noteAsked(owner: bigint, authKeyId: bigint, position: DevicePosition, date: number): void;
  /** Records that the device asked for the current state. A device that has just logged in starts there. */
  noteBegun(owner: bigint, authKeyId: bigint, position: DevicePosition): void;
  /** Writes the recorded positions now. Called by the timer and by tests. */
  flush(): Promise<void>;
  /**
   * Deletes events that every device has passed and that are older than 30 days, in slices.
   * @param signal stops between two slices
   */
  doPrune(signal: AbortSignal): Promise<void>;
  readonly jobKinds: readonly JobKind[];
}

/**
 * Creates the tracker of device positions, which are stored in `authorizations`. They are buffered and written once a minute; losing one
 * only leaves an older position.
 */
export function createPositions(deps: { db: Database; clock: Clock; log: Logger }): Positions {
  const { db, clock } = deps;
  const noted = new WriteBehindBuffer<bigint, Confirmed>(deps, {
    what: 'where devices stand',
    delayMs: WRITE_MS,
    max: MAX_NOTED,
    write: (batch) => db.transact('write-positions', (tx) => saveConfirmed(tx, [...batch.values()].toSorted((a, b) => (a.authKeyId < b.authKeyId ? -1 : 1)))),
  });

  const pruneBoxes = async (logs: readonly PassedLog[]): Promise<void> => {
    const ofBots = logs.filter(({ qts }) => qts > FIRST_QTS);
    for (const [passed, deleteSlice] of [[logs, deletePassed], [ofBots, deletePassedQts]] as const) {
      for (let most = passed.length > 0 ? EVENTS : 0; most === EVENTS; ) {
        const gone = await db.transact('prune-update-log', (tx) => deleteSlice(tx, passed, EVENTS));
        most = Math.max(0, ...[...groupBy(gone, (owner) => owner).values()].map((rows) => rows.length));
      }
    }
  };

  const doPrune: Positions['doPrune'] = async (signal) => {
    const oldDate = clock.now() - KEPT_S;
    for (let after = 0n; !signal.aborted; ) {
      const boxes = await listPassed(db, after, BOXES);
      const last = boxes.at(-1);
      if (last === undefined) return;
      // Older servers stored the date as the client sent it, so it is clamped here too.
      await pruneBoxes(boxes.map((box) => ({ ...box, date: askedDate(box.date - BEFORE_ITS_DATE_S, oldDate) })));
      after = last.owner_id;
    }
  };

  return {
    noteAsked(owner, authKeyId, { pts, qts }, date) {
      noted.set(authKeyId, { owner, authKeyId, pts, qts, date: askedDate(date, clock.now()), isFirst: false });
    },
    noteBegun(owner, authKeyId, { pts, qts }) {
      if (noted.get(authKeyId) === undefined) noted.set(authKeyId, { owner, authKeyId, pts, qts, date: clock.now(), isFirst: true });
    },
    flush: () => noted.flush(),
    doPrune,
    jobKinds: [defineRecurringJob({ kind: 'prune-update-log', everyMs: 6 * HOUR_MS, clockNeed: 'proven', run: ({ signal }) => doPrune(signal) })],
    [Symbol.asyncDispose]: () => noted.flush(),
  };
}
