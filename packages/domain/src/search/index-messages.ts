import { LoopTurns } from '@aerogram/runtime';
import { type Database, defineStatement, type Queries } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';

import { LogKind, type MessagePlace, type MessageRow, unpackMsgId } from '../events/index.ts';
import { projectPublicTerms, projectTerms } from './message-terms.ts';
import {
  type BoxRange,
  emptySearch,
  findBehind,
  listAt,
  listArrivals,
  listChanges,
  listIndexStates,
  lockIndexStates,
  type ChangeRow,
  writeSearchRows,
} from './search-store.ts';
import { TermsOfTexts } from './text-terms.ts';

/** Maximum number of events that are read at once. */
const EVENTS = 1000;
/** Maximum number of boxes per transaction. */
const OWNERS = 32;
/** Maximum length of the terms that one transaction writes, unless a single event has more. PostgreSQL takes some 100 ms for as many. */
const TERMS_LENGTH = 1 << 20;
/** Length of texts after which other work gets the event loop. The terms of the longest message take a few milliseconds. */
const TURN_LENGTH = 4096;
/** Added to the length of each message's text when it is counted towards `TURN_LENGTH`. */
const MESSAGE_LENGTH = 64;
// Search rows and the indexed position are derived data, and a crash loses both or neither. So the commit need not wait for the disk, and
// the disk is left to message sends.
const commitUnwaited = defineStatement('commit_unwaited', 'SET LOCAL synchronous_commit = off');
const BELOW_ALL_OWNERS = -(1n << 63n);
/** All indexing of this process takes turns, so that several boxes at once do not hold the event loop for longer than one. */
const indexTurns = new LoopTurns();

/** The events of one box that are to be indexed next. */
interface Slice extends BoxRange {
  /** In the order of pts. */
  events: { pts: number; written: MessageRow[]; deleted: readonly number[] }[];
  /** The pts that is reached with the last of the events. */
  end: number;
  /** Everybody may search these posts. */
  isPublic: boolean;
}

/** What has been made of a slice, or of its first events. */
interface IndexedSlice {
  owner: bigint;
  after: number;
  isPublic: boolean;
  written: Map<number, { row: MessageRow; terms: string; publicTerms: string }>;
  dropped: MessagePlace[];
  /** The pts that these rows reach. */
  reached: number;
}

/**
 * Indexes some events of some boxes. It reads a box's history in the order of pts and writes the search rows in the same transaction as the
 * indexed position, so it neither misses nor repeats an event. The terms are made between the read and that transaction, in short turns of
 * the event loop: a transaction that waited for them could exceed its time limit again and again. What another indexer wrote meanwhile is
 * left as it is.
 * @param owners the boxes, most urgent first
 * @param events maximum number of events, of all boxes together
 * @returns the owners whose boxes have further events to index, first those for which nothing was done
 */
export async function indexBoxes(db: Database, owners: readonly bigint[], events = EVENTS): Promise<bigint[]> {
  const slices = await db.readRepeatable('read-search-slices', (reads) => readSlices(reads, owners, events));
  if (slices.length === 0) return [];
  const indexed = await makeTerms(slices);
  const states = await db.transact('index-messages', async (tx) => {
    const [, locked] = await Promise.all([tx.run(commitUnwaited, []), lockIndexStates(tx, slices.map(({ owner }) => owner))]);
    const positions = new Map(locked.map((state) => [state.owner_id, state.indexed_pts]));
    const publicOwners = new Set(locked.flatMap((state) => (state.is_public ? [state.owner_id] : [])));
    const valid = indexed.filter(({ owner, after, isPublic }) => positions.get(owner) === after && publicOwners.has(owner) === isPublic);
    for (const { owner, reached } of valid) positions.set(owner, reached);
    if (valid.length > 0) {
      writeSearchRows(tx, {
        written: valid.flatMap(({ written }) => [...written.values()]),
        dropped: valid.flatMap(({ dropped }) => dropped),
        published: valid.flatMap(({ isPublic, written }) => (isPublic ? Array.from(written.values(), ({ row, publicTerms: terms }) => ({ row, terms })) : [])),
        reached: valid.map(({ owner, reached }) => ({ owner, pts: reached })),
      });
    }
    return positions;
  });
  const behind = slices.filter(({ owner, upTo }) => (states.get(owner) ?? upTo) < upTo).map(({ owner }) => owner);
  const isBegun = (owner: bigint): boolean => indexed.some((slice) => slice.owner === owner);
  return [...behind.filter((owner) => !isBegun(owner)), ...behind.filter(isBegun)];
}

/** Reads the next events of these boxes, and the messages that they concern as they are now. */
async function readSlices(reads: Queries, owners: readonly bigint[], events: number): Promise<Slice[]> {
  const states = new Map((await listIndexStates(reads, owners)).map((state) => [state.owner_id, state]));
  const ranges = owners.flatMap((owner): (BoxRange & { isPublic: boolean })[] => {
    const state = states.get(owner);
    return state && state.box_pts > state.indexed_pts ? [{ owner, after: state.indexed_pts, upTo: state.box_pts, isPublic: state.is_public }] : [];
  });
  if (ranges.length === 0) return [];
  const limit = Math.ceil(events / ranges.length);
  const [arrivals, changes] = await Promise.all([
    listArrivals(reads, ranges, limit).then(byOwner),
    listChanges(reads, ranges, limit).then(byOwner),
  ]);
  // If a read returned the full limit, there may be more rows after its last one.
  const endOf = (rows: readonly { pts: number }[]): number => (rows.length === limit ? rows.at(-1)!.pts : Number.POSITIVE_INFINITY);
  const read = ranges.map((range) => {
    const arrived = arrivals.get(range.owner) ?? [];
    const logged = changes.get(range.owner) ?? [];
    const end = Math.min(range.upTo, endOf(arrived), endOf(logged));
    const changed = logged.filter(({ pts }) => pts <= end).map((row) => ({ pts: row.pts, ...readChange(row) }));
    return { range, end, arrived: arrived.filter(({ pts }) => pts <= end), changed };
  });
  const edited = read.flatMap(({ range, changed }) => changed.flatMap((change) => change.edited.map((msgId) => ({ owner: range.owner, msgId }))));
  const rows = new Map((await listAt(reads, edited)).map((row) => [`${row.owner_id}:${row.msg_id}`, row]));
  return read.map(({ range, end, arrived, changed }) => ({
    ...range,
    end,
    events: [
      ...arrived.map((row) => ({ pts: row.pts, written: [row], deleted: [] })),
      ...changed.map((change) => ({
        pts: change.pts,
        written: change.edited.flatMap((msgId) => rows.get(`${range.owner}:${msgId}`) ?? []),
        deleted: change.deleted,
      })),
    ].toSorted((a, b) => a.pts - b.pts),
  }));
}

/**
 * Makes the terms of as many events as one transaction should write. Lets other work run after every few milliseconds.
 * @returns at least the first event; slices of which nothing was taken are left out
 */
async function makeTerms(slices: readonly Slice[]): Promise<IndexedSlice[]> {
  const indexed: IndexedSlice[] = [];
  const texts = new TermsOfTexts();
  let left = TERMS_LENGTH;
  let turn = 0;
  for (const { owner, after, events, end, isPublic } of slices) {
    if (left <= 0) break;
    const slice: IndexedSlice = { owner, after, isPublic, written: new Map(), dropped: [], reached: end };
    for (const [index, { pts, written, deleted }] of events.entries()) {
      for (const row of written) {
        if (slice.written.has(row.msg_id)) continue;
        turn += MESSAGE_LENGTH + row.text.length;
        if (turn > TURN_LENGTH) {
          await indexTurns.next();
          turn = 0;
        }
        const terms = projectTerms(row, texts);
        const publicTerms = isPublic ? projectPublicTerms(row, texts) : '';
        left -= terms.length + publicTerms.length;
        slice.written.set(row.msg_id, { row, terms, publicTerms });
      }
      slice.dropped.push(...deleted.map((msgId) => ({ owner, msgId })));
      if (left <= 0 && index < events.length - 1) {
        slice.reached = pts;
        break;
      }
    }
    indexed.push(slice);
  }
  return indexed;
}

/**
 * Indexes all boxes that are behind. A box that cannot be indexed does not keep the others waiting.
 * @param signal stops the work early
 * @returns the number of boxes that were behind
 * @throws the last error, after the other boxes were indexed
 */
export async function indexAllBehind(db: Database, signal?: AbortSignal): Promise<number> {
  let count = 0;
  let failed: { error: unknown } | undefined;
  const indexWhole = async (owners: readonly bigint[]): Promise<void> => {
    try {
      for (let behind = owners; behind.length > 0 && !signal?.aborted; ) behind = await indexBoxes(db, behind);
    } catch (error) {
      if (owners.length === 1) failed = { error };
      else for (const owner of owners) await indexWhole([owner]);
    }
  };
  for (let after = BELOW_ALL_OWNERS; !signal?.aborted; ) {
    const { rows } = await db.run(findBehind, [after, OWNERS]);
    if (rows.length === 0) break;
    after = rows.at(-1)!.owner_id;
    count += rows.length;
    await indexWhole(rows.map((row) => row.owner_id));
  }
  if (failed) throw failed.error;
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
function readChange({ kind, payload }: ChangeRow): { edited: readonly number[]; deleted: readonly number[] } {
  if (kind === LogKind.edit) return { edited: [unpackMsgId(payload)], deleted: [] };
  // The cast is safe: insertUpdateLog stores only updates under this kind.
  const update = storedDecode(payload) as tl.Update;
  if (update._ === 'updateDeleteMessages' || update._ === 'updateDeleteChannelMessages') return { edited: [], deleted: update.messages };
  if (update._ === 'updatePinnedMessages' || update._ === 'updatePinnedChannelMessages') return { edited: update.messages, deleted: [] };
  return { edited: [], deleted: [] };
}
