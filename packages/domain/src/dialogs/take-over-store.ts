import { defineStatement, sql, type Tx } from '@aerogram/storage';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import { DRAFT_MAX_BYTES } from './draft-store.ts';

/** Two dialogs of the same owners, by marked peer id: a basic group, and the supergroup that takes its place. */
export interface Succession {
  fromPeerId: bigint;
  toPeerId: bigint;
}

/** What the new dialog of one owner has taken over. */
export interface TakenOver {
  ownerId: bigint;
  folderId: number;
  wasPinned: boolean;
  /** Its owner had marked the old one as unread. */
  wasMarked: boolean;
}

const takePlace = defineStatement<{ owner_id: bigint; folder_id: number; was_pinned: boolean; was_marked: boolean }>(
  'take_place_of_dialog',
  `WITH old AS (
     SELECT owner_id, folder_id, pinned_order, unread_mark FROM dialogs WHERE owner_id = ANY ($1::bigint[]) AND peer_id = $2
   ), cleared AS (
     UPDATE dialogs d SET pinned_order = 0, unread_mark = false FROM old
      WHERE d.owner_id = old.owner_id AND d.peer_id = $2 AND (d.pinned_order > 0 OR d.unread_mark)
   )
   UPDATE dialogs d SET folder_id = old.folder_id, pinned_order = old.pinned_order, unread_mark = old.unread_mark
     FROM old WHERE d.owner_id = old.owner_id AND d.peer_id = $3
   RETURNING d.owner_id, d.folder_id, d.pinned_order > 0 AS was_pinned, d.unread_mark AS was_marked`,
);

/**
 * Gives new dialogs the folder, the pin and the unread mark of the old ones. The old ones lose their pin and their mark. The boxes of the owners must be
 * locked, and the new dialogs must exist.
 */
export async function takeOverDialogs(tx: Tx, ownerIds: readonly bigint[], { fromPeerId, toPeerId }: Succession): Promise<TakenOver[]> {
  const { rows } = await tx.run(takePlace, [ownerIds, fromPeerId, toPeerId]);
  return rows.map((row) => ({ ownerId: row.owner_id, folderId: row.folder_id, wasPinned: row.was_pinned, wasMarked: row.was_marked }));
}

/** A dialog in which all is read from now on: up to `maxId`, as the event with this pts says. */
export interface ReadWhole {
  ownerId: bigint;
  maxId: number;
  pts: number;
}

// The events of earlier read marks are superseded, as in `dropSuperseded`.
const readWhole = defineStatement(
  'read_whole_dialogs',
  `WITH wanted AS (SELECT * FROM unnest($1::bigint[], $3::integer[], $4::integer[]) AS w (owner_id, max_id, pts)),
   superseded AS (
     DELETE FROM update_log l USING wanted w JOIN dialogs d ON d.owner_id = w.owner_id AND d.peer_id = $2
      WHERE l.owner_id = d.owner_id AND l.pts = d.read_inbox_pts AND d.read_inbox_pts > 0 AND l.sub = 0
   )
   INSERT INTO dialogs (owner_id, peer_id, read_inbox_max_id, read_inbox_pts) SELECT owner_id, $2, max_id, pts FROM wanted
   ON CONFLICT (owner_id, peer_id) DO UPDATE
      SET read_inbox_max_id = EXCLUDED.read_inbox_max_id, read_inbox_pts = EXCLUDED.read_inbox_pts, unread_count = 0`,
);

/** Marks all messages of these dialogs as read. The boxes of the owners must be locked. */
export async function saveReadWhole(tx: Tx, peerId: bigint, dialogs: readonly ReadWhole[]): Promise<void> {
  await tx.run(readWhole, [dialogs.map((one) => one.ownerId), peerId, dialogs.map((one) => one.maxId), dialogs.map((one) => one.pts)]);
}

/** A draft that has left a dialog, and what of it stands in the dialog that took its place. */
export interface MovedDraft {
  ownerId: bigint;
  draft: tl.draftMessage | undefined;
}

const findOldDrafts = defineStatement<{ owner_id: bigint; draft: Uint8Array }>(
  'find_drafts_of_old_dialogs',
  `SELECT owner_id, draft FROM dialogs WHERE owner_id = ANY ($1::bigint[]) AND peer_id = $2 AND octet_length(draft) <= ${DRAFT_MAX_BYTES} ORDER BY owner_id`,
);

const moveDrafts = defineStatement<{ owner_id: bigint }>(
  'move_drafts',
  `WITH wanted AS (SELECT * FROM unnest($1::bigint[], $4::bytea[], $5::integer[]) AS w (owner_id, draft, draft_date)),
   cleared AS (
     UPDATE dialogs d SET draft = NULL, draft_date = $6 FROM wanted w WHERE d.owner_id = w.owner_id AND d.peer_id = $2
   )
   UPDATE dialogs d SET draft = w.draft, draft_date = w.draft_date
     FROM wanted w WHERE d.owner_id = w.owner_id AND d.peer_id = $3 AND d.draft IS NULL AND w.draft IS NOT NULL
   RETURNING d.owner_id`,
);

/**
 * Gives new dialogs the drafts of the old ones, unless they have drafts of their own. A reply to a message of the old dialog is left out: its id names
 * another message in the new one. The boxes of the owners must be locked, and the new dialogs must exist.
 * @param date unix seconds, when the old drafts were cleared
 */
export async function moveDraftsTo(tx: Tx, ownerIds: readonly bigint[], { fromPeerId, toPeerId }: Succession, date: number): Promise<MovedDraft[]> {
  const { rows } = await tx.run(findOldDrafts, [ownerIds, fromPeerId]);
  if (rows.length === 0) return [];
  // The cast is safe: saveDraftBytes stores only draftMessage.
  const left = rows.map((row) => ({ ownerId: row.owner_id, draft: withoutReply(storedDecode(row.draft) as tl.draftMessage) }));
  const bytes = left.map(({ draft }) => draft && storedEncode(draft));
  const moved = await tx.run(moveDrafts, [left.map((one) => one.ownerId), fromPeerId, toPeerId, bytes.map((one) => one ?? null), left.map(({ draft }) => draft?.date ?? 0), date]);
  const owners = new Set(moved.rows.map((row) => row.owner_id));
  return left.map(({ ownerId, draft }) => ({ ownerId, draft: owners.has(ownerId) ? draft : undefined }));
}

/** A draft without a reply to a message of its own dialog; undefined if nothing is left of it. Pure. */
function withoutReply(draft: tl.draftMessage): tl.draftMessage | undefined {
  const { reply_to, message, media } = draft;
  const isElsewhere = reply_to !== undefined && !(reply_to._ === 'inputReplyToMessage' && reply_to.reply_to_peer_id === undefined);
  if (isElsewhere) return draft;
  return message === '' && media === undefined ? undefined : { ...draft, reply_to: undefined };
}

/** A chat folder in which a chat was replaced. */
export interface ChangedFilter {
  ownerId: bigint;
  id: number;
  filter: tl.DialogFilter;
}

/**
 * Replaces a basic group in the chat folders of these owners, whose boxes must be locked.
 * @param chatId as TL has it, not marked
 * @param inputOf how an owner refers to what takes its place
 */
export async function replaceInFilters(tx: Tx, ownerIds: readonly bigint[], chatId: bigint, inputOf: (ownerId: bigint) => tl.InputPeer): Promise<ChangedFilter[]> {
  const rows = await tx.q
    .selectFrom('dialog_filters')
    .select(['owner_id', 'filter_id', 'filter'])
    .where('owner_id', '=', sql<bigint>`ANY (${[...ownerIds]}::bigint[])`)
    .orderBy('owner_id')
    .orderBy('filter_id')
    .execute();
  const changed: ChangedFilter[] = [];
  for (const { owner_id: ownerId, filter_id: id, filter: bytes } of rows) {
    // The cast is safe: only DialogFilter is stored in this column.
    const filter = replaced(storedDecode(bytes) as tl.DialogFilter, chatId, inputOf(ownerId));
    if (filter === undefined) continue;
    await tx.q.updateTable('dialog_filters').set({ filter: storedEncode(filter) }).where('owner_id', '=', ownerId).where('filter_id', '=', id).execute();
    changed.push({ ownerId, id, filter });
  }
  return changed;
}

/** The folder with another peer in place of a basic group; undefined if it does not name the group. */
function replaced(filter: tl.DialogFilter, chatId: bigint, input: tl.InputPeer): tl.DialogFilter | undefined {
  if (filter._ === 'dialogFilterDefault') return undefined;
  const isOld = (peer: tl.InputPeer): boolean => peer._ === 'inputPeerChat' && peer.chat_id === chatId;
  const swap = (peers: readonly tl.InputPeer[]): tl.InputPeer[] => peers.map((peer) => (isOld(peer) ? input : peer));
  const lists = { pinned_peers: filter.pinned_peers, include_peers: filter.include_peers, exclude_peers: filter._ === 'dialogFilter' ? filter.exclude_peers : [] };
  if (!Object.values(lists).flat().some(isOld)) return undefined;
  const swapped = { ...filter, pinned_peers: swap(lists.pinned_peers), include_peers: swap(lists.include_peers) };
  return swapped._ === 'dialogFilter' ? { ...swapped, exclude_peers: swap(lists.exclude_peers) } : swapped;
}
