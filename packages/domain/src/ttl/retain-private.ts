import { type Clock, pageThrough } from '@aerogram/runtime';
import { type Database, defineRecurringJob, type JobKind } from '@aerogram/storage';

import { findPrivateRetentionDays } from '../chats/index.ts';
import type { BoxWriter } from '../events/index.ts';
import { tryEach } from '../shared/index.ts';
import { removeFromBox } from './remove-from-box.ts';
import { listOldPrivate, listPrivateChats, type PrivateChat, RETAINED_SLICE } from './retain-private-store.ts';

/** How often the job looks for old messages. */
const EVERY_MS = 3_600_000;

const DAY_S = 86_400;

/**
 * Creates the job that deletes messages of private chats when they are older than the operator wants, from all boxes of this home. Nothing is deleted from Saved Messages, nor from
 * the box of an account that is just exporting all its data.
 */
export function createRetainPrivateJob(deps: Pick<BoxWriter, 'writeBoxes'> & { db: Database; clock: Pick<Clock, 'now'> }): JobKind {
  const { db, clock } = deps;
  const clean = async ({ owner_id: ownerId, peer_id: peerId, is_overdue: isOverdue }: PrivateChat, beforeDate: number, signal: AbortSignal): Promise<void> => {
    if (!isOverdue) return;
    for (let found = RETAINED_SLICE; found === RETAINED_SLICE; ) {
      signal.throwIfAborted();
      found = (await listOldPrivate(db, { ownerId, peerId, beforeDate })).length;
      if (found === 0) return;
      await deps.writeBoxes('retain-private', [ownerId], async (tx, boxes, date) => {
        await removeFromBox({ tx, boxes, date }, ownerId, await listOldPrivate(tx, { ownerId, peerId, beforeDate }));
      });
    }
  };
  return defineRecurringJob({
    kind: 'retain-private',
    everyMs: EVERY_MS,
    clockNeed: 'proven',
    async run({ signal }) {
      const days = await findPrivateRetentionDays(db);
      if (days === 0) return;
      const nowDate = clock.now();
      const beforeDate = Math.max(0, nowDate - days * DAY_S);
      const chats = pageThrough<PrivateChat>((last) => listPrivateChats(db, last, { beforeDate, nowDate }));
      await tryEach(chats, (chat) => clean(chat, beforeDate, signal), signal);
    },
  });
}
