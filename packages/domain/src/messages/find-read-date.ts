import { rpcError } from '@aerogram/errors';
import type { Clock } from '@aerogram/runtime';
import { defineRecurringJob } from '@aerogram/storage';
import type { Database, JobKind, Tx } from '@aerogram/storage';

import { hasFlag, MessageFlag } from '../events/index.ts';
import { findMessage } from './find-messages.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import { removeReadDates } from './read-date-store.ts';

/** How long read dates are kept, in seconds; sent to clients in help.getAppConfig (`pm_read_date_expire_period`). */
export const READ_DATES_KEPT_S = 7 * 24 * 3600;

const SWEEP_EVERY_MS = 3_600_000;

/**
 * Finds when the peer read a message that the owner sent within the last seven days.
 * @returns unix seconds
 * @throws RpcError MESSAGE_ID_INVALID, MESSAGE_TOO_OLD, MESSAGE_NOT_READ_YET, and 403 YOUR_PRIVACY_RESTRICTED or USER_PRIVACY_RESTRICTED if
 * the owner or the peer hides read dates
 */
export async function findReadDate(
  { db, clock, privacy }: Pick<MessagingDeps, 'db' | 'clock' | 'privacy'>,
  ownerId: bigint,
  peerId: bigint,
  msgId: number,
): Promise<number> {
  const row = await findMessage(db.q, ownerId, msgId);
  const isSaved = ownerId === peerId;
  if (row === undefined || row.peer_id !== peerId || (!isSaved && !hasFlag(row, MessageFlag.out))) throw rpcError('MESSAGE_ID_INVALID');
  // Messages in Saved Messages are read as soon as they are there.
  if (isSaved) return row.date;
  const [own, other] = await Promise.all([privacy.findSettings(ownerId), privacy.findSettings(peerId)]);
  if (own.hide_read_marks) throw rpcError('YOUR_PRIVACY_RESTRICTED');
  if (other.hide_read_marks) throw rpcError('USER_PRIVACY_RESTRICTED');
  if (clock.now() - row.date > READ_DATES_KEPT_S) throw rpcError('MESSAGE_TOO_OLD');
  const read = await db.q
    .selectFrom('read_dates')
    .select('date')
    .where('owner_id', '=', ownerId)
    .where('peer_id', '=', peerId)
    .where('max_id', '>=', msgId)
    .orderBy('max_id')
    .limit(1)
    .executeTakeFirst();
  if (read === undefined) throw rpcError('MESSAGE_NOT_READ_YET');
  return read.date;
}

/** Creates a recurring job that deletes the read dates in one table after seven days, when nobody may query them any more. */
export function createForgetJob(
  { db, clock }: { db: Pick<Database, 'transact'>; clock: Pick<Clock, 'now'> },
  kind: string,
  remove: (tx: Tx, beforeDate: number) => Promise<void>,
): JobKind {
  return defineRecurringJob({
    kind,
    everyMs: SWEEP_EVERY_MS,
    clockNeed: 'proven',
    run: () => db.transact(kind, (tx) => remove(tx, clock.now() - READ_DATES_KEPT_S)),
  });
}

/** The recurring job that deletes the read dates of private chats and basic groups. */
export function createReadDateJob(deps: Pick<MessagingDeps, 'db' | 'clock'>): JobKind {
  return createForgetJob(deps, 'forget-read-dates', removeReadDates);
}
