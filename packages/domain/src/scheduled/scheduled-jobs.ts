import { RpcError } from '@aerogram/errors';
import { defineJobKind, defineRecurringJob } from '@aerogram/storage';
import type { JobKind, Tx } from '@aerogram/storage';

import type { ResolvedPeer } from '../access/index.ts';
import {
  findSendable,
  listAwaited,
  type MessagingDeps,
  refuseScheduled,
  type ScheduledKey,
  type ScheduledRow,
  SEND_JOB,
  sendOrderCodec,
  UNTIL_ONLINE_DATE,
} from '../messages/index.ts';
import type { ServiceChat } from '../service/index.ts';
import { describeUnsent } from './describe-unsent.ts';
import { sendScheduled, type SendScheduledDeps } from './send-scheduled.ts';

/** Tries of one message while the server itself fails, or the receiver gets too much: with the pauses in between, about two hours. */
const SEND_ATTEMPTS = 14;
/** Further tries of telling the author that there will be no more. */
const TELL_ATTEMPTS = 14;
const AWAITED_EVERY_MS = 5000;
const AWAITED_SLICE = 200;

/** What scheduled messages are built from. */
export interface ScheduledDeps extends MessagingDeps {
  /** Tells an author what could not be sent. */
  serviceChat: Pick<ServiceChat, 'order'>;
}

/** Makes the jobs that send scheduled messages: one at its time, and those for "when online" when their receiver is. */
export function createScheduledJobs(deps: Pick<ScheduledDeps, 'db' | 'clock' | 'log' | 'users' | 'serviceChat' | 'writeBoxes'>, sending: SendScheduledDeps): JobKind[] {
  const { db, clock, log } = deps;

  /** Whether a message is still to be sent at its time, as `order` says. */
  const isDueBy = (order: Pick<ScheduledRow, 'schedule_date'>) => (row: ScheduledRow) => row.schedule_date === order.schedule_date && row.refused_date === null;

  const findPeer = async ({ owner_id: ownerId, peer_id: peerId }: ScheduledKey): Promise<ResolvedPeer> => {
    const row = (await deps.users.findRows([peerId])).get(peerId);
    if (row === undefined) throw new Error('the receiver of a scheduled message does not exist');
    return { kind: 'user', userId: peerId, peerId, isSelf: peerId === ownerId, row };
  };

  const sendOnTime = async (row: ScheduledRow): Promise<void> => {
    await sendScheduled(sending, { peer: await findPeer(row), row, origin: undefined, isDue: isDueBy(row) });
  };

  /**
   * Leaves a message that cannot be sent to its author: it stays as it is, is not tried again, and the service chat says why. Nothing
   * happens to one that was deleted, sent or put off meanwhile.
   * @param done ends the job in the same transaction, so that the author is told once
   */
  const leaveToAuthor = async (unsent: ScheduledRow, error: unknown, done?: (tx: Tx) => Promise<void>): Promise<void> => {
    const [receiver] = await deps.users.projectUsers(unsent.owner_id, [unsent.peer_id]);
    await deps.writeBoxes('refuse-scheduled', [unsent.owner_id], async (tx, _boxes, date) => {
      await done?.(tx);
      const [row] = await findSendable(tx, [unsent]);
      if (row === undefined || !isDueBy(unsent)(row)) return;
      await refuseScheduled(tx, row, date);
      await deps.serviceChat.order(tx, row.owner_id, describeUnsent(row, receiver, error));
    });
  };

  const sendJob = defineJobKind({
    kind: SEND_JOB,
    codec: sendOrderCodec,
    maxAttempts: SEND_ATTEMPTS + TELL_ATTEMPTS,
    // What is sent early cannot be taken back, and a series would go on in the far future.
    clockNeed: 'steady',
    async run({ ownerId, peerId, msgId, scheduleDate }, context) {
      const [row] = await findSendable(db, [{ owner_id: ownerId, peer_id: peerId, msg_id: msgId }]);
      if (row === undefined || !isDueBy({ schedule_date: scheduleDate })(row)) return;
      try {
        await sendOnTime(row);
      } catch (error) {
        if (isPassing(error) && context.attempt < SEND_ATTEMPTS) throw error;
        await leaveToAuthor(row, error, (tx) => context.done(tx));
      }
    },
  });

  const sendAwaited = async (row: ScheduledRow): Promise<void> => {
    try {
      // Sending it tells its author that the receiver is online. It waits while the receiver does not show them that.
      const isGone = (await findPeer(row)).row.deleted;
      if (isGone || (await deps.users.isOnlineShown(row.owner_id, row.peer_id))) await sendOnTime(row);
    } catch (error) {
      if (!isPassing(error)) return leaveToAuthor(row, error);
      // The next run tries it again; the other messages do not wait for that.
      log.warn({ err: error }, 'a message for "when online" could not be sent now');
    }
  };

  return [
    sendJob,
    defineRecurringJob({
      kind: 'send-when-online',
      everyMs: AWAITED_EVERY_MS,
      async run({ signal }) {
        for (let rows: ScheduledRow[] | undefined; rows === undefined || rows.length === AWAITED_SLICE; ) {
          rows = await listAwaited(db.q, { untilOnline: UNTIL_ONLINE_DATE, nowDate: clock.now(), limit: AWAITED_SLICE, after: rows?.at(-1) });
          for (const row of rows) {
            signal.throwIfAborted();
            await sendAwaited(row);
          }
        }
      },
    }),
  ];
}

/** Whether a send may succeed later by itself: the server failed, or there was too much to do. */
function isPassing(error: unknown): boolean {
  return !(error instanceof RpcError) || error.code >= 500 || error.code === 420;
}
