import { defineStatement } from '@aerogram/storage';
import type { Tx } from '@aerogram/storage';

import type { MessageRow } from '../events/index.ts';

/** What an earlier send with the same random_id came to. */
export interface SendKey {
  peerId: bigint;
  /** The sender's copy; undefined when it was deleted since. */
  message: MessageRow | undefined;
}

type FoundKey = MessageRow & { key_owner: bigint; random_id: bigint; key_peer: bigint };

// `(SELECT …)` keeps from the planner how long the list is: it would else plan anew for each small batch.
const findKeys = defineStatement<FoundKey>(
  'find_send_keys',
  `SELECT k.owner_id AS key_owner, k.random_id, k.peer_id AS key_peer, m.*
     FROM unnest((SELECT $1::bigint[]), $2::bigint[]) AS w (owner_id, random_id)
     JOIN send_keys k ON k.owner_id = w.owner_id AND k.random_id = w.random_id
     LEFT JOIN messages m ON m.owner_id = k.owner_id AND m.msg_id = k.msg_id AND m.global_id = k.global_id`,
);

/** Key of a send in the maps here. */
export function sendKeyOf(owner: bigint, randomId: bigint): string {
  return `${owner}:${randomId}`;
}

/** Finds which of these sends happened before. The senders' counters are locked, so the answer stays true. */
export async function findSendKeys(
  tx: Tx,
  wanted: readonly { owner: bigint; randomId: bigint }[],
): Promise<Map<string, SendKey>> {
  const { rows } = await tx.run(findKeys, [wanted.map(({ owner }) => owner), wanted.map(({ randomId }) => randomId)]);
  return new Map(
    rows.map(({ key_owner: owner, random_id: randomId, key_peer: peerId, ...message }) => [
      sendKeyOf(owner, randomId),
      // A LEFT JOIN without a match: every column is null.
      { peerId, message: message.owner_id === null ? undefined : message },
    ]),
  );
}
