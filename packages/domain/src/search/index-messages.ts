import { type Database, defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { LogKind, type MessageRow, unpackMsgId } from '../events/index.ts';
import { projectTerms } from './message-terms.ts';
import {
  type BoxRange,
  findBehind,
  listArrivals,
  listChangedMessages,
  listChanges,
  lockIndexStates,
  type LogRow,
  type MessagePlace,
  writeSearchRows,
} from './search-store.ts';

/** Events in one transaction: so it ends long before the database would end it. */
const EVENTS = 1000;
/** Boxes in one transaction. */
const OWNERS = 32;
// Search rows and how far they reach are made from what is on the disk, and a crash loses both or neither: who waits for the disk are those who send.
const commitUnwaited = defineStatement('commit_unwaited', 'SET LOCAL synchronous_commit = off');
const emptySearch = defineStatement('empty_message_search', 'TRUNCATE message_search');
const BELOW_ALL_OWNERS = -(1n << 63n);

/**
 * Brings the search rows of some boxes a slice further. A box's own history is what it is made from, in the order of
 * its pts and in one transaction with how far it has come: like any other device it misses and doubles nothing.
 * @param events how many at most, of all boxes together
 * @returns owners that have more to come
 */
export function indexBoxes(db: Database, owners: readonly bigint[], events = EVENTS): Promise<bigint[]> {
  return db.transact('index-messages', async (tx) => {
    const [, states] = await Promise.all([tx.run(commitUnwaited, []), lockIndexStates(tx, owners)]);
    const ranges = states
      .filter((state) => state.box_pts > state.indexed_pts)
      .map((state): BoxRange => ({ owner: state.owner_id, after: state.indexed_pts, upTo: state.box_pts }));
    if (ranges.length === 0) return [];
    const limit = Math.ceil(events / ranges.length);
    const [arrivals, changes] = await Promise.all([listArrivals(tx, ranges, limit).then(byOwner), listChanges(tx, ranges, limit).then(byOwner)]);
    // A full read may have left something out above its last row.
    const endOf = (rows: readonly { pts: number }[]): number => (rows.length === limit ? rows.at(-1)!.pts : Number.POSITIVE_INFINITY);

    const written: MessageRow[] = [];
    const changed: MessagePlace[] = [];
    const dropped: MessagePlace[] = [];
    const reached: { owner: bigint; pts: number }[] = [];
    for (const { owner, upTo } of ranges) {
      const arrived = arrivals.get(owner) ?? [];
      const logged = changes.get(owner) ?? [];
      const pts = Math.min(upTo, endOf(arrived), endOf(logged));
      reached.push({ owner, pts });
      written.push(...arrived.filter((row) => row.pts <= pts));
      for (const entry of logged.filter((row) => row.pts <= pts)) {
        const { edited, deleted } = readChange(entry);
        changed.push(...edited.map((msgId) => ({ owner, msgId })));
        dropped.push(...deleted.map((msgId) => ({ owner, msgId })));
      }
    }
    const unique = new Map(
      [...written, ...(await listChangedMessages(tx, changed))].map((row) => [`${row.owner_id}:${row.msg_id}`, row]),
    );
    const rows = [...unique.values()].map((row) => ({ row, terms: projectTerms(row) }));
    writeSearchRows(tx, { written: rows, dropped, reached });
    const ends = new Map(reached.map(({ owner, pts }) => [owner, pts]));
    return ranges.filter(({ owner, upTo }) => ends.get(owner)! < upTo).map(({ owner }) => owner);
  });
}

/**
 * Indexes every box that is behind.
 * @param signal ends it early
 * @returns how many boxes were behind
 */
export async function indexAllBehind(db: Database, signal?: AbortSignal): Promise<number> {
  let count = 0;
  for (let after = BELOW_ALL_OWNERS; !signal?.aborted; ) {
    const { rows } = await db.run(findBehind, [after, OWNERS]);
    if (rows.length === 0) break;
    let behind = rows.map((row) => row.owner_id);
    after = behind.at(-1)!;
    count += behind.length;
    while (behind.length > 0 && !signal?.aborted) behind = await indexBoxes(db, behind);
  }
  return count;
}

/** Makes all search rows anew, from the boxes; a server may run meanwhile. */
export async function rebuildSearch(db: Database): Promise<number> {
  await db.transact('empty-search', async (tx) => {
    await tx.q.deleteFrom('search_state').execute();
    await tx.run(emptySearch, []);
  });
  return indexAllBehind(db);
}

function byOwner<R extends { owner_id: bigint }>(rows: readonly R[]): Map<bigint, R[]> {
  const groups = new Map<bigint, R[]>();
  for (const row of rows) {
    const group = groups.get(row.owner_id);
    if (group) group.push(row);
    else groups.set(row.owner_id, [row]);
  }
  return groups;
}

/** Which messages an event changed or removed. */
function readChange({ kind, payload }: LogRow): { edited: readonly number[]; deleted: readonly number[] } {
  if (kind === LogKind.edit) return { edited: [unpackMsgId(payload)], deleted: [] };
  // What insertLog stored under this kind is an Update.
  const update = storedDecode(payload) as tl.Update;
  if (update._ === 'updateDeleteMessages') return { edited: [], deleted: update.messages };
  if (update._ === 'updatePinnedMessages') return { edited: update.messages, deleted: [] };
  return { edited: [], deleted: [] };
}
