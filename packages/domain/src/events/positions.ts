import type { Clock, Logger } from '@aerogram/runtime';
import { type Database, defineRecurringJob, type JobKind } from '@aerogram/storage';

import { groupBy, LazyBatch } from '../shared/index.ts';
import { askedDate } from './asked-date.ts';
import { type Confirmed, deletePassed, listPassed, type PassedLog, saveConfirmed } from './position-store.ts';

const WRITE_MS = 60_000;
const MAX_NOTED = 100_000;
const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
/** Nothing younger goes, whoever has passed it: a device may be restored from a backup of its own. */
const KEPT_S = 30 * DAY_S;
/**
 * Nor what is not this much older than the date that the device names with its position. Updates without pts may be missed by one that has
 * passed them (list-events.ts), and while a device takes slices its date stays that of before: a crash sets it back to there.
 */
const BEFORE_ITS_DATE_S = DAY_S;
/** Boxes looked at in one statement, and events deleted of each. */
const BOXES = 100;
const EVENTS = 100;

/**
 * How far the devices of each user have come, by their own word: a difference that is asked for from a position confirms
 * all before it. What was only sent confirms nothing. The log of a box is kept for all who have not passed it (rule P15).
 */
export interface Positions extends AsyncDisposable {
  /** The device asked for what it lacks from here. */
  noteAsked(owner: bigint, authKeyId: bigint, pts: number, date: number): void;
  /** The device asked where the box is: one that has just logged in begins there. */
  noteBegun(owner: bigint, authKeyId: bigint, pts: number): void;
  /** Writes what was noted; the timer does it, and tests. */
  flush(): Promise<void>;
  /** Deletes what every device has passed and is older than a month, in slices. */
  doPrune(signal: AbortSignal): Promise<void>;
  readonly jobKinds: readonly JobKind[];
}

/** Makes the positions over the authorisations. They are gathered and written once a minute: one lost is a lower one. */
export function createPositions(deps: { db: Database; clock: Clock; log: Logger }): Positions {
  const { db, clock } = deps;
  const noted = new LazyBatch<bigint, Confirmed>(deps, {
    what: 'where devices stand',
    delayMs: WRITE_MS,
    max: MAX_NOTED,
    write: (batch) => db.transact('write-positions', (tx) => saveConfirmed(tx, [...batch.values()].toSorted((a, b) => (a.authKeyId < b.authKeyId ? -1 : 1)))),
  });

  const pruneBoxes = async (logs: readonly PassedLog[]): Promise<void> => {
    for (let most = EVENTS; most === EVENTS; ) {
      const gone = await db.transact('prune-update-log', (tx) => deletePassed(tx, logs, EVENTS));
      most = Math.max(0, ...[...groupBy(gone, (owner) => owner).values()].map((rows) => rows.length));
    }
  };

  const doPrune: Positions['doPrune'] = async (signal) => {
    const oldDate = clock.now() - KEPT_S;
    for (let after = 0n; !signal.aborted; ) {
      const boxes = await listPassed(db, after, BOXES);
      const last = boxes.at(-1);
      if (last === undefined) return;
      // What older servers stored is as the client said it: it is brought within bounds here, too.
      await pruneBoxes(boxes.map((box) => ({ ...box, date: askedDate(box.date - BEFORE_ITS_DATE_S, oldDate) })));
      after = last.owner_id;
    }
  };

  return {
    noteAsked(owner, authKeyId, pts, date) {
      noted.set(authKeyId, { owner, authKeyId, pts, date: askedDate(date, clock.now()), isFirst: false });
    },
    noteBegun(owner, authKeyId, pts) {
      if (noted.get(authKeyId) === undefined) noted.set(authKeyId, { owner, authKeyId, pts, date: clock.now(), isFirst: true });
    },
    flush: () => noted.flush(),
    doPrune,
    jobKinds: [defineRecurringJob({ kind: 'prune-update-log', everyMs: 6 * HOUR_MS, clockNeed: 'proven', run: ({ signal }) => doPrune(signal) })],
    [Symbol.asyncDispose]: () => noted.flush(),
  };
}
