import { type JobContext, type JobKind, defineRecurringJob } from '../jobs/job-kind.ts';
import type { Clock } from '@aerogram/runtime';
import { dropOldFrames } from '../homes/kept-frames-store.ts';
import { type SendKeyPlace, dropExpired, dropFuture, sweepSendKeys } from './sweep-store.ts';

const HOUR_MS = 3_600_000;
/** How long the key of a send is kept after its message was deleted, because a client may still repeat the send (rule S6, exactly once). */
const SEND_KEY_KEPT_S = 48 * 3600;
/** How long the frames of other data centres, and for them, are kept after they were applied: a home that is restored from a backup of the last days gets them back. */
const FRAMES_KEPT_S = 7 * 86_400;
/** Keys that one statement checks, so that none holds a snapshot for long. */
const RANGE = 5000;

const BELOW_ALL: SendKeyPlace = { owner_id: -(1n << 63n), random_id: -(1n << 63n) };

/** Creates the jobs that delete rows nobody needs any more. */
export function createRetentionJobs({ clock }: { clock: Clock }): readonly JobKind[] {
  return [
    defineRecurringJob({ kind: 'drop-expired', everyMs: HOUR_MS, run: (context) => doDropExpired(context, clock) }),
    defineRecurringJob({ kind: 'sweep-send-keys', everyMs: 6 * HOUR_MS, clockNeed: 'proven', run: (context) => doSweepSendKeys(context, clock) }),
    defineRecurringJob({ kind: 'drop-home-frames', everyMs: HOUR_MS, clockNeed: 'proven', run: ({ db, signal }) => dropOldFrames(db, { nowDate: clock.now(), before: clock.now() - FRAMES_KEPT_S }, signal) }),
  ];
}

type Sweep = Pick<JobContext, 'db' | 'signal'>;

async function doDropExpired({ db }: Sweep, clock: Clock): Promise<void> {
  for (const statement of [...dropExpired, ...dropFuture]) {
    await db.transact('drop-expired', (tx) => tx.run(statement, [clock.now()]));
  }
}

async function doSweepSendKeys({ db, signal }: Sweep, clock: Clock): Promise<void> {
  let after: SendKeyPlace | undefined = BELOW_ALL;
  while (after !== undefined && !signal.aborted) {
    const now = clock.now();
    const values: (bigint | number)[] = [after.owner_id, after.random_id, RANGE, now, now - SEND_KEY_KEPT_S];
    const { rows } = await db.transact('sweep-send-keys', (tx) => tx.run(sweepSendKeys, values));
    after = rows[0];
  }
}
