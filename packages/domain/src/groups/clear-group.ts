import { defineJobKind, defineStatement, jsonCodec } from '@aerogram/storage';

import type { BoxWriter } from '../events/index.ts';
import { removeAndLog, removeMessages } from '../messages/index.ts';

/** Maximum number of messages deleted at once. */
const SLICE = 500;

const listSlice = defineStatement<{ msg_id: number }>(
  'list_group_slice',
  `SELECT msg_id FROM messages WHERE owner_id = $1 AND peer_id = $2 AND ($3::bigint IS NULL OR from_id = $3) AND msg_id < $4 AND ($5::integer IS NULL OR date <= $5)
    ORDER BY msg_id DESC LIMIT ${SLICE}`,
);

/** The messages of a group that are deleted from one member's box. */
export interface Clearing {
  /** The group, marked. */
  peerId: bigint;
  /** Only the messages of this author; null for all. */
  authorId: bigint | null;
  /** Only messages up to this date, in unix seconds, because the author may come back before the job has run; null for all. */
  untilDate: number | null;
}

/**
 * Defines the job that deletes messages of a group from the box of one member: all of them, or those of one author. The transaction that deletes
 * the group or removes the author also inserts the job, so that it runs even if the server crashes in between. A retry deletes what is left.
 */
export function createClearJob(deps: Pick<BoxWriter, 'writeBoxes'>) {
  return defineJobKind<Clearing>({
    kind: 'clear-group',
    codec: jsonCodec(),
    async run({ peerId, authorId, untilDate }, { ownerId, signal }) {
      for (let beforeId: number | undefined = 2 ** 31 - 1; beforeId !== undefined; ) {
        signal.throwIfAborted();
        const before: number = beforeId;
        beforeId = await deps.writeBoxes('clear-group', [ownerId], async (tx, boxes, date) => {
          const { rows } = await tx.run(listSlice, [ownerId, peerId, authorId, before, untilDate ?? null]);
          const removed = await removeMessages(tx, ownerId, rows.map((row) => row.msg_id));
          await removeAndLog(tx, boxes, { ownerId, removed, places: new Map(), isEverywhere: true, keepsDialog: false, origin: undefined, date });
          return rows.length < SLICE ? undefined : rows.at(-1)!.msg_id;
        });
      }
    },
  });
}
