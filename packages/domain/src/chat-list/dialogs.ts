import { unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';

import {
  clearAllDrafts,
  type DialogPage,
  type DialogRow,
  type DialogSlice,
  findDialogs,
  findDrafts,
  listArchive,
  listDialogs,
  listNewestDrafts,
  listPinned,
  projectPinned,
  projectPinnedOrder,
  PROTECTED_BY,
  saveDraftBytes,
  saveFolder,
  savePinnedOrder,
  saveUnreadMark,
} from '../dialogs/index.ts';
import type { Origin } from '../events/index.ts';
import { ANSWER_BYTES, hasScheduled, listPins, type MessagingDeps } from '../messages/index.ts';
import { type DialogsWithPeers, projectDialogs } from './project-dialogs.ts';

/** Clients learn it from help.getConfig (`pinned_dialogs_count_max`). */
const PINNED_MAX = 100;

/** What moving dialogs between the list and the archive came to. */
export interface FolderMove {
  moved: tl.folderPeer[];
  pts: number;
}

/** What the profile of a user says about the chat with them. */
export type ChatOfProfile = Pick<
  tl.userFull,
  'pinned_msg_id' | 'folder_id' | 'has_scheduled' | 'ttl_period' | 'noforwards_my_enabled' | 'noforwards_peer_enabled'
>;

/** The list of chats of one user, and what is kept with each. */
export interface Dialogs {
  list(page: DialogPage): Promise<DialogSlice>;
  listPinned(ownerId: bigint, folderId: number): Promise<DialogRow[]>;
  /** Dialogs by marked peer, also where nothing was ever written. */
  find(ownerId: bigint, peerIds: readonly bigint[]): Promise<DialogRow[]>;
  findChat(ownerId: bigint, peerId: bigint): Promise<ChatOfProfile>;
  /** Marked peers of the dialogs that the owner marked as unread. */
  listUnreadMarks(ownerId: bigint): Promise<bigint[]>;
  /** The draft to a peer; undefined where there is none. */
  findDraft(ownerId: bigint, peerId: bigint): Promise<tl.draftMessage | undefined>;
  /** The newest drafts, by dialog, as many as one answer holds; the others come with their dialogs. */
  listDrafts(ownerId: bigint): Promise<tl.updateDraftMessage[]>;
  /**
   * Dialogs as an answer, with their top messages and everyone whom they name.
   * @param keepEmpty also dialogs without a message
   * @param withArchive the archive comes first, as one entry, when something is in it
   */
  project(ownerId: bigint, rows: readonly DialogRow[], keepEmpty: boolean, withArchive?: boolean): Promise<DialogsWithPeers>;
  /** Pins a dialog on top, or unpins it. @throws RpcError PINNED_DIALOGS_TOO_MUCH, PEER_HISTORY_EMPTY */
  doPin(ownerId: bigint, peerId: bigint, pinned: boolean, origin: Origin | undefined): Promise<void>;
  /** Sets the order of pinned dialogs; without `force` those that are not named stay pinned, below. */
  doReorderPinned(order: { ownerId: bigint; folderId: number; peerIds: readonly bigint[]; force: boolean; origin: Origin | undefined }): Promise<void>;
  /** Moves dialogs between the list (0) and the archive (1). @returns those that moved, and the pts of the event */
  doMoveToFolders(ownerId: bigint, moves: ReadonlyMap<bigint, number>, origin: Origin | undefined): Promise<FolderMove>;
  /** @throws RpcError PEER_HISTORY_EMPTY */
  doMarkUnread(ownerId: bigint, peerId: bigint, unread: boolean, origin: Origin | undefined): Promise<void>;
  /** Keeps what is typed and not sent; undefined takes it away. */
  doSaveDraft(ownerId: bigint, peerId: bigint, draft: tl.draftMessage | undefined, origin: Origin | undefined): Promise<void>;
  doClearDrafts(ownerId: bigint, origin: Origin | undefined): Promise<void>;
}

/** Makes the dialogs subject. */
export function createDialogs(deps: MessagingDeps): Dialogs {
  const { db, clock, writeBoxes } = deps;

  /** Locks the owner's box, changes something of the dialogs, and logs the update that `change` answers. */
  const write = (
    name: string,
    ownerId: bigint,
    origin: Origin | undefined,
    change: (tx: Tx) => Promise<tl.Update | readonly tl.Update[] | undefined>,
  ): Promise<void> =>
    writeBoxes(name, [ownerId], async (tx, boxes, date) => {
      const changed = await change(tx);
      if (changed !== undefined) boxes.addLoose(ownerId, date, origin, [changed].flat());
    });

  return {
    list: (page) => listDialogs(db.q, page),
    listPinned: (ownerId, folderId) => listPinned(db.q, ownerId, folderId),
    find: (ownerId, peerIds) => findDialogs(db.q, ownerId, peerIds),
    async findChat(ownerId, peerId) {
      const [[pin], [dialog], scheduled] = await Promise.all([
        listPins(db.q, ownerId, peerId, 1),
        findDialogs(db.q, ownerId, [peerId]),
        hasScheduled(db.q, ownerId, peerId),
      ]);
      return {
        pinned_msg_id: pin?.msg_id,
        folder_id: dialog?.folder_id === 0 ? undefined : dialog?.folder_id,
        has_scheduled: scheduled ? true : undefined,
        ttl_period: dialog?.ttl_period === 0 ? undefined : dialog?.ttl_period,
        noforwards_my_enabled: ((dialog?.protected_by ?? 0) & PROTECTED_BY.owner) !== 0 ? true : undefined,
        noforwards_peer_enabled: ((dialog?.protected_by ?? 0) & PROTECTED_BY.peer) !== 0 ? true : undefined,
      };
    },
    async listUnreadMarks(ownerId) {
      const rows = await db.q
        .selectFrom('dialogs')
        .select('peer_id')
        .where('owner_id', '=', ownerId)
        .where('unread_mark', '=', true)
        .execute();
      return rows.map((row) => row.peer_id);
    },
    async findDraft(ownerId, peerId) {
      return (await findDrafts(db, ownerId, [peerId])).get(peerId)?.draft;
    },
    async listDrafts(ownerId) {
      const drafts = await listNewestDrafts(db, ownerId, ANSWER_BYTES);
      return [...drafts].map(([peerId, { draft }]) => ({ _: 'updateDraftMessage', peer: unmarkPeer(peerId), draft }));
    },
    async project(ownerId, rows, keepEmpty, withArchive = false) {
      const archive = withArchive ? await listArchive(db.q, ownerId) : [];
      return projectDialogs(deps, ownerId, rows, keepEmpty, archive);
    },
    doPin: (ownerId, peerId, pinned, origin) =>
      write('pin-dialog', ownerId, origin, async (tx) => {
        const [dialog] = await findDialogs(tx.q, ownerId, [peerId]);
        const folderId = dialog?.folder_id ?? 0;
        const before = (await listPinned(tx.q, ownerId, folderId)).map((row) => row.peer_id);
        if (before.includes(peerId) === pinned) return undefined;
        if (pinned && dialog?.top_msg_id === 0) throw rpcError('PEER_HISTORY_EMPTY');
        const after = pinned ? [peerId, ...before] : before.filter((id) => id !== peerId);
        if (after.length > PINNED_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
        await savePinnedOrder(tx, ownerId, folderId, after);
        return projectPinned(folderId, peerId, pinned, after);
      }),
    doReorderPinned: ({ ownerId, folderId, peerIds, force, origin }) =>
      write('reorder-pinned-dialogs', ownerId, origin, async (tx) => {
        const before = (await listPinned(tx.q, ownerId, folderId)).map((row) => row.peer_id);
        const named = [...new Set(peerIds)];
        const dialogs = await findDialogs(tx.q, ownerId, named);
        if (dialogs.some((dialog) => dialog.top_msg_id === 0)) throw rpcError('PEER_HISTORY_EMPTY');
        const after = force ? named : [...named, ...before.filter((id) => !named.includes(id))];
        if (after.length > PINNED_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
        if (after.length === before.length && after.every((id, index) => id === before[index])) return undefined;
        await savePinnedOrder(tx, ownerId, folderId, after);
        return projectPinnedOrder(folderId, after);
      }),
    doMoveToFolders: (ownerId, moves, origin) =>
      writeBoxes('move-to-folders', [ownerId], async (tx, boxes, date) => {
        const moved: tl.folderPeer[] = [];
        for (const dialog of await findDialogs(tx.q, ownerId, [...moves.keys()])) {
          const folderId = moves.get(dialog.peer_id)!;
          if (dialog.folder_id === folderId) continue;
          await saveFolder(tx, ownerId, dialog.peer_id, folderId);
          moved.push({ _: 'folderPeer', peer: unmarkPeer(dialog.peer_id), folder_id: folderId });
        }
        if (moved.length === 0) return { moved, pts: boxes.pts(ownerId) };
        // It has a pts, but takes none (rule P14).
        const pts = boxes.addUpdate(ownerId, 0, date, origin, (at) => ({
          _: 'updateFolderPeers',
          folder_peers: moved,
          pts: at,
          pts_count: 0,
        }));
        return { moved, pts };
      }),
    doMarkUnread: (ownerId, peerId, unread, origin) =>
      write('mark-dialog-unread', ownerId, origin, async (tx) => {
        // It is not listed, so nobody would see the mark: a dialog that loses its messages loses that too.
        const [dialog] = await findDialogs(tx.q, ownerId, [peerId]);
        if (unread && dialog?.top_msg_id === 0) throw rpcError('PEER_HISTORY_EMPTY');
        if (!(await saveUnreadMark(tx, ownerId, peerId, unread))) return undefined;
        return {
          _: 'updateDialogUnreadMark',
          unread: unread ? true : undefined,
          peer: { _: 'dialogPeer', peer: unmarkPeer(peerId) },
        };
      }),
    doSaveDraft: (ownerId, peerId, draft, origin) =>
      write('save-draft', ownerId, origin, async (tx) => {
        const date = draft?.date ?? clock.now();
        const [row] = await findDialogs(tx.q, ownerId, [peerId]);
        if (draft === undefined && row?.has_draft !== true) return undefined;
        await saveDraftBytes(tx, ownerId, peerId, draft === undefined ? null : storedEncode(draft), date);
        return {
          _: 'updateDraftMessage',
          peer: unmarkPeer(peerId),
          draft: draft ?? { _: 'draftMessageEmpty', date },
        };
      }),
    doClearDrafts: (ownerId, origin) =>
      writeBoxes('clear-drafts', [ownerId], (tx, boxes, date) => clearAllDrafts(tx, boxes, ownerId, origin, date)),
  };
}
