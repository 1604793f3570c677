import type { Random } from '@aerogram/runtime';
import { jsonCodec } from '@aerogram/storage';
import type { NewJob, Tx } from '@aerogram/storage';

import { type OpenBoxes, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import type { Polls } from '../polls/index.ts';
import { groupBy } from '../shared/index.ts';
import { workOf } from './prepare-media.ts';
import { projectScheduled, UNTIL_ONLINE_DATE } from './project-scheduled.ts';
import { insertScheduled, type ScheduledRow, takeScheduledIds } from './scheduled-store.ts';

/** Payload of the job that sends a scheduled message. The job sends nothing if the row's date has changed since. */
export interface SendOrder {
  ownerId: bigint;
  peerId: bigint;
  msgId: number;
  scheduleDate: number;
}

/** The kind of the job that sends a scheduled message. */
export const SEND_JOB = 'send-scheduled';

export const sendOrderCodec = jsonCodec<SendOrder>();

/** Enqueues the job that sends a message at its scheduled date. A recurring job sends the messages for "when online" instead. */
export async function orderSend(tx: Tx, row: ScheduledRow): Promise<void> {
  const { owner_id: ownerId, peer_id: peerId, msg_id: msgId, schedule_date: scheduleDate } = row;
  if (scheduleDate === UNTIL_ONLINE_DATE) return;
  const job: NewJob = { kind: SEND_JOB, owner_id: ownerId, payload: sendOrderCodec.encode({ ownerId, peerId, msgId, scheduleDate }), runAtMs: scheduleDate * 1000 };
  await tx.job(job);
}

/** Inserts scheduled messages and sends `updateNewScheduledMessage` to their owner's devices. The owner's box must be open. */
export async function keepScheduled({ tx, boxes, date }: OpenBoxes, rows: readonly ScheduledRow[], origin: Origin | undefined): Promise<void> {
  if (rows.length > 0) await insertScheduled(tx, rows);
  for (const row of rows) {
    await orderSend(tx, row);
    boxes.addUpdate(row.owner_id, { ptsCount: 0, date, origin }, () => ({ _: 'updateNewScheduledMessage', message: projectScheduled(row) }));
  }
}

/** What {@link renewScheduled} needs. */
export interface RenewDeps {
  random: Random;
  polls: Pick<Polls, 'copyIn'>;
}

/**
 * Schedules the next message for each sent message that repeats. Dates that passed while the server was down are skipped. All devices get
 * the new messages as updates, because the answer to a call only covers the messages that were sent.
 */
export async function renewScheduled({ tx, boxes, date }: OpenBoxes, sent: readonly ScheduledRow[], { random, polls }: RenewDeps): Promise<void> {
  for (const [ownerId, rows] of groupBy(sent.filter((row) => row.repeat_period !== null), (row) => row.owner_id)) {
    const ids = await takeScheduledIds(tx, ownerId, rows.length);
    const next: ScheduledRow[] = [];
    for (const [index, row] of rows.entries()) {
      const period = row.repeat_period!;
      const passed = Math.max(0, Math.floor((date - row.schedule_date) / period));
      const laterS = (passed + 1) * period;
      const extra = unpackMessageExtra(row.extra);
      const own = extra.media && (await workOf(extra.media).renew?.(tx, extra.media, { senderId: ownerId, laterS, polls }));
      next.push({ ...row, ...(own && { extra: packMessageExtra({ ...extra, media: own }) }), msg_id: ids[index]!, random_id: random.int63(), schedule_date: row.schedule_date + laterS, edit_date: null, refused_date: null });
    }
    await keepScheduled({ tx, boxes, date }, next, undefined);
  }
}
