import { pageSize } from '@aerogram/runtime';
import { sql } from '@aerogram/storage';

import type { Queries } from '../events/index.ts';
import { listPlaces, type PlacedDialog, withHeads } from './channel-dialogs.ts';
import type { DialogRow } from './dialog-row.ts';

const COLUMNS = [
  'owner_id',
  'peer_id',
  'top_msg_id',
  'top_date',
  'msg_count',
  'unread_count',
  'read_inbox_max_id',
  'read_outbox_max_id',
  'read_inbox_pts',
  'read_outbox_pts',
  'unread_mark',
  'pinned_order',
  'folder_id',
  'draft_date',
  'ttl_period',
  'owner_wrote',
  'protected_by',
  'read_ordinal',
  'own_at_read',
  'read_date',
  'as_messages',
  sql<boolean>`draft IS NOT NULL`.as('has_draft'),
] as const;

/** Maximum number of dialogs in one answer. */
const LIMIT_MAX = 100;

/** A page of the dialog list. The offset is the last dialog of the previous page, given by its top message. */
export interface DialogPage {
  ownerId: bigint;
  /** Undefined for all folders. */
  folderId: number | undefined;
  excludePinned: boolean;
  offsetDate: number;
  offsetId: number;
  /** Marked peer id; undefined for the first page. */
  offsetPeerId: bigint | undefined;
  limit: number;
}

export interface DialogSlice {
  rows: DialogRow[];
  /** Total number of dialogs, on this page and all others. */
  count: number;
  /** Whether this page holds all dialogs. */
  isWhole: boolean;
}

/**
 * Reads a page: first the pinned dialogs in their order, then the others by the date of their top message, newest first. Pages never
 * overlap, because the offset is a position in that order and not a count. A dialog that gets a message while a client is paging moves to
 * the top, and the push of that message mentions it.
 *
 * The columns for sorting are read from all dialogs of the owner, because they change often and so must not be indexed (rule S13, short transactions). Everything else, such as the
 * unread counts of channels, is only read for the dialogs of the page.
 */
export async function listDialogs(q: Queries, page: DialogPage): Promise<DialogSlice> {
  const all = await listPlaces(q, page.ownerId, page.folderId);
  const pinned = page.excludePinned ? [] : pinnedOf(all);
  const others = othersOf(all);
  const places = listAfter(pinned, others, page).slice(0, pageSize(page.limit, LIMIT_MAX));
  // Sorted again: a dialog that got a message since the first read moves to the top of the page. So the last dialog is still the one after which the next page begins.
  const rows = inOrder((await findDialogs(q, page.ownerId, places.map((place) => place.peer_id))).filter(isListed));
  const count = pinned.length + others.length;
  return { rows, count, isWhole: places.length === count };
}

async function readListed(q: Queries, { ownerId, folderId }: Pick<DialogPage, 'ownerId' | 'folderId'>): Promise<DialogRow[]> {
  const rows = await q
    .selectFrom('dialogs')
    .select(COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('top_msg_id', '>', 0)
    .$if(folderId !== undefined, (query) => query.where('folder_id', '=', folderId!))
    .execute();
  return withHeads(q, ownerId, rows);
}

/** Whether a dialog is in the list: it has messages. An empty one cannot be pinned or marked, because that would be invisible. Pure. */
export function isListed(dialog: DialogRow): boolean {
  return dialog.top_msg_id > 0;
}

/** Lists the pinned dialogs of a folder, top first. */
export async function listPinned(q: Queries, ownerId: bigint, folderId: number): Promise<DialogRow[]> {
  const rows = await q
    .selectFrom('dialogs')
    .select(COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('folder_id', '=', folderId)
    .where('pinned_order', '>', 0)
    .execute();
  return (await withHeads(q, ownerId, rows)).toSorted(byPinnedOrder);
}

/** Lists all dialogs in the archive, in display order. */
export async function listArchive(q: Queries, ownerId: bigint): Promise<DialogRow[]> {
  return inOrder(await readListed(q, { ownerId, folderId: 1 }));
}

/** Finds the dialogs with these peers, in the order of `peerIds`. A peer without a row yields an empty dialog. */
export async function findDialogs(q: Queries, ownerId: bigint, peerIds: readonly bigint[]): Promise<DialogRow[]> {
  if (peerIds.length === 0) return [];
  const rows = await q
    .selectFrom('dialogs')
    .select(COLUMNS)
    .where('owner_id', '=', ownerId)
    .where('peer_id', 'in', [...new Set(peerIds)])
    .execute();
  const byPeer = new Map((await withHeads(q, ownerId, rows)).map((row) => [row.peer_id, row]));
  return [...new Set(peerIds)].map((peerId) => byPeer.get(peerId) ?? emptyDialog(ownerId, peerId));
}

function emptyDialog(ownerId: bigint, peerId: bigint): DialogRow {
  return {
    owner_id: ownerId,
    peer_id: peerId,
    top_msg_id: 0,
    top_date: 0,
    msg_count: 0,
    unread_count: 0,
    read_inbox_max_id: 0,
    read_outbox_max_id: 0,
    read_inbox_pts: 0,
    read_outbox_pts: 0,
    unread_mark: false,
    pinned_order: 0,
    folder_id: 0,
    has_draft: false,
    draft_date: 0,
    ttl_period: 0,
    owner_wrote: false,
    protected_by: 0,
    read_ordinal: 0,
    own_at_read: 0,
    read_date: 0,
    as_messages: false,
  };
}

function isPinned(row: PlacedDialog): boolean {
  return row.pinned_order > 0;
}

/** The pinned dialogs, top first. */
function pinnedOf<T extends PlacedDialog>(rows: readonly T[]): T[] {
  return rows.filter(isPinned).toSorted(byPinnedOrder);
}

/** The other dialogs, newest first. */
function othersOf<T extends PlacedDialog>(rows: readonly T[]): T[] {
  return rows.filter((row) => !isPinned(row)).toSorted(byTopMessage);
}

function inOrder<T extends PlacedDialog>(rows: readonly T[]): T[] {
  return [...pinnedOf(rows), ...othersOf(rows)];
}

function byPinnedOrder(a: PlacedDialog, b: PlacedDialog): number {
  return b.pinned_order - a.pinned_order;
}

function byTopMessage(a: PlacedDialog, b: PlacedDialog): number {
  return comparePlace(a, { date: b.top_date, id: b.top_msg_id, peerId: b.peer_id });
}

/** Compares a dialog with a position in the list; negative if the dialog comes first. */
function comparePlace(row: PlacedDialog, place: { date: number; id: number; peerId: bigint }): number {
  if (row.top_date !== place.date) return place.date - row.top_date;
  if (row.top_msg_id !== place.id) return place.id - row.top_msg_id;
  return row.peer_id === place.peerId ? 0 : row.peer_id < place.peerId ? 1 : -1;
}

function listAfter(pinned: readonly PlacedDialog[], others: readonly PlacedDialog[], page: DialogPage): PlacedDialog[] {
  const { offsetDate, offsetId, offsetPeerId } = page;
  if (offsetDate === 0 && offsetId === 0 && offsetPeerId === undefined) return [...pinned, ...others];
  const pinnedAt = pinned.findIndex((row) => row.peer_id === offsetPeerId);
  if (pinnedAt >= 0) return [...pinned.slice(pinnedAt + 1), ...others];
  // Without a date, the offset is the present position of the given dialog.
  const named = offsetDate === 0 ? others.find((row) => row.peer_id === offsetPeerId) : undefined;
  const place = named
    ? { date: named.top_date, id: named.top_msg_id, peerId: named.peer_id }
    : { date: offsetDate, id: offsetId, peerId: offsetPeerId ?? 0n };
  return others.filter((row) => comparePlace(row, place) > 0);
}
