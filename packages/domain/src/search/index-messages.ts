import { type Database, defineStatement } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { LogKind, type MessageRow, unpackMsgId } from '../events/index.ts';
import { projectTerms } from './message-terms.ts';
import {
  type BoxRange,
  emptySearch,
  findBehind,
  listArrivals,
  listChangedMessages,
  listChanges,
  lockIndexStates,
  type LogRow,
  type MessagePlace,
  writeSearchRows,
} from './search-store.ts';

/** Maximum number of events per transaction, well within the database's transaction timeout. */
const EVENTS = 1000;
/** Maximum number of boxes per transaction. */
const OWNERS = 32;
// Search rows and the indexed position are derived data, and a crash loses both or neither. So the commit need not wait for the disk, and
// the disk is left to message sends.
const commitUnwaited = defineStatement('commit_unwaited', 'SET LOCAL synchronous_commit = off');
const BELOW_ALL_OWNERS = -(1n << 63n);

/**
 * Indexes a slice of events from some boxes. It reads a box's history in the order of pts and writes the search rows in the same
 * transaction as the indexed position, so it neither misses nor repeats an event.
 * @param events maximum number of events, of all boxes together
 * @returns the owners whose boxes have further events to index
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
    // If a read returned the full limit, there may be more rows after its last one.
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
 * Indexes all boxes that are behind.
 * @param signal stops the work early
 * @returns the number of boxes that were behind
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

/** Rebuilds all search rows from the boxes. The server may be running meanwhile. */
export async function rebuildSearch(db: Database): Promise<number> {
  await db.transact('empty-search', emptySearch);
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

/** The ids of the messages that an event changed or deleted. */
function readChange({ kind, payload }: LogRow): { edited: readonly number[]; deleted: readonly number[] } {
  if (kind === LogKind.edit) return { edited: [unpackMsgId(payload)], deleted: [] };
  // The cast is safe: insertLog stores only updates under this kind.
  const update = storedDecode(payload) as tl.Update;
  if (update._ === 'updateDeleteMessages') return { edited: [], deleted: update.messages };
  if (update._ === 'updatePinnedMessages') return { edited: update.messages, deleted: [] };
  return { edited: [], deleted: [] };
}
