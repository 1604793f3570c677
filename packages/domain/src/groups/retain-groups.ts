import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Clock, pageThrough } from '@aerogram/runtime';
import { type Database, defineRecurringJob, defineStatement, type JobKind } from '@aerogram/storage';

import type { BoxWriter } from '../events/index.ts';
import { removeAndLog, removeMessages } from '../messages/index.ts';
import { tryEach } from '../shared/index.ts';

/** How often the job looks for old messages. */
const EVERY_MS = 600_000;
/** Number of boxes listed at once. */
const BOXES = 200;
/** Number of messages deleted from one box at once. */
const SLICE = 500;

/** A box with messages of a basic group that are older than the operator wants. */
interface OverdueBox {
  chat_id: bigint;
  user_id: bigint;
  before_date: number;
}

// The newest message stays, because a dialog without messages is not listed.
const OLD = `FROM messages m WHERE m.owner_id = $1 AND m.peer_id = -$2::bigint AND m.msg_id < (SELECT max(n.msg_id) FROM messages n WHERE n.owner_id = $1 AND n.peer_id = -$2::bigint)`;

// The messages of a group that became a supergroup follow the setting of the supergroup.
const listOverdue = defineStatement<OverdueBox>(
  'list_overdue_groups',
  `SELECT m.chat_id, m.user_id, GREATEST(0, $3::bigint - 86400 * k.days::bigint)::integer AS before_date
     FROM (SELECT c.chat_id, COALESCE(own.days, common.days, 0) AS days
             FROM chats c
             LEFT JOIN chat_retention own ON own.peer_id = CASE WHEN c.migrated_to IS NULL THEN -c.chat_id ELSE -${CHANNEL_OFFSET} - c.migrated_to END
             LEFT JOIN chat_retention common ON common.peer_id = 0) AS k
     JOIN chat_members m USING (chat_id)
    WHERE k.days > 0 AND (m.chat_id, m.user_id) > ($1::bigint, $2::bigint)
    ORDER BY m.chat_id, m.user_id LIMIT ${BOXES}`,
);

const listOld = defineStatement<{ msg_id: number }>(
  'list_old_group_messages',
  `SELECT msg_id FROM (SELECT m.msg_id, m.date ${OLD} ORDER BY m.msg_id LIMIT ${SLICE}) AS oldest WHERE date < $3 ORDER BY msg_id`,
);

/** Creates the job that deletes messages of basic groups that are older than the retention time set by the operator, from the boxes of all present and former members. */
export function createRetainGroupsJob(deps: Pick<BoxWriter, 'writeBoxes'> & { db: Database; clock: Clock }): JobKind {
  const clean = async ({ chat_id: chatId, user_id: ownerId, before_date: beforeDate }: OverdueBox, signal: AbortSignal): Promise<void> => {
    for (let found = SLICE; found === SLICE; ) {
      signal.throwIfAborted();
      found = (await deps.db.run(listOld, [ownerId, chatId, beforeDate])).rows.length;
      if (found === 0) return;
      await deps.writeBoxes('retain-group', [ownerId], async (tx, boxes, date) => {
        const { rows } = await tx.run(listOld, [ownerId, chatId, beforeDate]);
        const removed = await removeMessages(tx, ownerId, rows.map((row) => row.msg_id));
        await removeAndLog(tx, boxes, { ownerId, removed, places: new Map(), isEverywhere: true, keepsDialog: false, origin: undefined, date });
      });
    }
  };
  return defineRecurringJob({
    kind: 'retain-groups',
    everyMs: EVERY_MS,
    clockNeed: 'proven',
    run({ signal }) {
      const nowDate = deps.clock.now();
      const boxes = pageThrough<OverdueBox>(async (last) => (await deps.db.run(listOverdue, [last?.chat_id ?? 0n, last?.user_id ?? 0n, nowDate])).rows);
      return tryEach(boxes, (box) => clean(box, signal), signal);
    },
  });
}
