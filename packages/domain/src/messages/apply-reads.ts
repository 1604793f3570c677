import { defineStatement } from '@aerogram/storage';

import type { EffectHandler } from '../effects/index.ts';
import { type BoxWriter, MessageFlag, type OpenBoxes, peerMsgIdIn } from '../events/index.ts';
import { groupBy } from '../shared/index.ts';
import { applyToBoxes } from './dialog-effects.ts';
import { markInbox, markOutbox } from './do-read-history.ts';
import { insertReadDate } from './read-date-store.ts';
import { type ReadEffect, readKind } from './read-effect.ts';

/** How many read marks are applied together. */
const AT_ONCE = 50;

/** How far back the message is looked for whose id at its author's home a returned read mark names. */
const LOOK_BACK = 1000;

// For each mark, the newest message up to it that the author still has.
const findOutbox = defineStatement<{ at: bigint; msg_id: number; read_outbox_max_id: number; read_outbox_pts: number }>(
  'find_read_outbox',
  `SELECT w.at, m.msg_id, d.read_outbox_max_id, d.read_outbox_pts
     FROM dialogs d
    CROSS JOIN unnest($3::integer[]) WITH ORDINALITY AS w (max_id, at)
    CROSS JOIN LATERAL (
          SELECT msg_id FROM messages
           WHERE owner_id = d.owner_id AND peer_id = d.peer_id AND msg_id <= w.max_id AND flags & ${MessageFlag.out} <> 0
           ORDER BY msg_id DESC LIMIT 1) m
    WHERE d.owner_id = $1 AND d.peer_id = $2
    ORDER BY w.at`,
);

const listIncoming = defineStatement<{ msg_id: number; extra: Uint8Array | null }>(
  'list_incoming_from_elsewhere',
  `SELECT msg_id, extra FROM messages WHERE owner_id = $1 AND peer_id = $2 AND from_id = $2 ORDER BY msg_id DESC LIMIT ${LOOK_BACK}`,
);

/** Marks of one reader in one dialog. A box is told of the highest one only; dates are kept of all. */
interface ReadRun extends ReadEffect {
  all: readonly ReadEffect[];
}

function groupReads(effects: readonly ReadEffect[]): ReadRun[] {
  return Array.from(groupBy(effects, ({ from, to }) => `${from}:${to}`).values(), (all) => ({ ...all.reduce((highest, one) => (one.peerMsgId > highest.peerMsgId ? one : highest)), all }));
}

async function markRead(open: OpenBoxes, { from, to, all }: ReadRun): Promise<void> {
  const { rows } = await open.tx.run(findOutbox, [to, from, all.map((effect) => effect.peerMsgId)]);
  let highest = 0;
  for (const { at, msg_id: maxId, read_outbox_max_id: before } of rows) {
    if (maxId <= Math.max(before, highest)) continue;
    highest = maxId;
    insertReadDate(open.tx, { owner: to, peerId: from, maxId, date: Math.min(all[Number(at) - 1]!.date, open.date) });
  }
  if (highest > 0) markOutbox(open, { ownerId: to, peerId: from }, { maxId: highest, beforePts: rows[0]!.read_outbox_pts });
}

async function markReadAgain(open: OpenBoxes, { from, to, peerMsgId }: ReadRun): Promise<void> {
  const { rows } = await open.tx.run(listIncoming, [from, to]);
  const newest = rows.find(({ extra }) => (peerMsgIdIn(extra) ?? Infinity) <= peerMsgId);
  if (newest !== undefined) await markInbox(open, { ownerId: from, peerId: to, maxId: newest.msg_id, origin: undefined });
}

/** Creates the handler of read marks. One that its home had lost marks the same messages there again, as far as they are there. */
export function createReadHandler(deps: Pick<BoxWriter, 'withBoxes'>): EffectHandler<ReadEffect> {
  return {
    kind: readKind,
    atOnce: AT_ONCE,
    apply: (tx, _dc, effects) => applyToBoxes(deps, tx, { effects: groupReads(effects) }, markRead),
    restore: (tx, _dc, effects) => applyToBoxes(deps, tx, { effects: groupReads(effects), side: 'from' }, markReadAgain),
  };
}
