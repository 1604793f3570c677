import { type Database, defineStatement } from '@aerogram/storage';

import type { MessageRow } from '../events/index.ts';

/** The result of an earlier send with the same random_id. */
export interface SendKey {
  peerId: bigint;
  /** The sender's copy; undefined if it was deleted since. */
  message: MessageRow | undefined;
}

type FoundKey = MessageRow & { key_owner: bigint; random_id: bigint; key_peer: bigint };

// `(SELECT …)` hides the length of the list from the planner. Otherwise it would plan anew for each small batch.
const findKeys = defineStatement<FoundKey>(
  'find_send_keys',
  `SELECT k.owner_id AS key_owner, k.random_id, k.peer_id AS key_peer, m.*
     FROM unnest((SELECT $1::bigint[]), $2::bigint[]) AS w (owner_id, random_id)
     JOIN send_keys k ON k.owner_id = w.owner_id AND k.random_id = w.random_id
     LEFT JOIN messages m ON m.owner_id = k.owner_id AND m.msg_id = k.msg_id AND m.global_id = k.global_id`,
);

// What its own author has sent only: nobody else chooses a global_id there.
const findNamed = defineStatement<MessageRow & { random_id: bigint }>(
  'find_sent_elsewhere',
  `SELECT w.random_id, m.*
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS w (w_owner, random_id, w_global)
     JOIN messages m ON m.owner_id = w.w_owner AND m.global_id = w.w_global AND m.from_id = w.w_owner`,
);

/** The key of a send in a map. */
export function sendKeyOf(owner: bigint, randomId: bigint): string {
  return `${owner}:${randomId}`;
}

/** A send that may have happened before. */
export interface WantedSend {
  owner: bigint;
  randomId: bigint;
  /** The global id that the message gets; only for sends to people of other data centres. By it a message is found that another data centre has returned after a restore. */
  globalId?: bigint | undefined;
}

/** Finds which of these sends happened before. If the senders' counters are locked, the result holds until the commit. */
export async function findSendKeys(reader: Pick<Database, 'run'>, wanted: readonly WantedSend[]): Promise<Map<string, SendKey>> {
  const finding = reader.run(findKeys, [wanted.map(({ owner }) => owner), wanted.map(({ randomId }) => randomId)]);
  const elsewhere = wanted.some(({ globalId }) => globalId !== undefined) ? wanted.filter(({ globalId }) => globalId !== undefined) : undefined;
  const [{ rows }, named] = elsewhere === undefined ? [await finding] : await Promise.all([finding, reader.run(findNamed, [elsewhere.map(({ owner }) => owner), elsewhere.map(({ randomId }) => randomId), elsewhere.map(({ globalId }) => globalId!)])]);
  if (rows.length === 0 && named === undefined) return new Map();
  const ofMessages = named?.rows.map(({ random_id: randomId, ...message }): [string, SendKey] => [sendKeyOf(message.owner_id, randomId), { peerId: message.peer_id, message }]);
  return new Map([
    ...(ofMessages ?? []),
    ...rows.map(({ key_owner: owner, random_id: randomId, key_peer: peerId, ...message }): [string, SendKey] => [
      sendKeyOf(owner, randomId),
      // The LEFT JOIN found no message, so every message column is null.
      { peerId, message: message.owner_id === null ? undefined : message },
    ]),
  ]);
}
