import { isMarkedChannel, markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedEncode } from '@aerogram/tl-compat';

import type { ResolvedChannel } from '../access/index.ts';
import { findChannelViews } from '../chats/index.ts';
import {
  clearAllDrafts,
  clearAllThreadDrafts,
  type DialogPage,
  type DialogRow,
  type DialogSlice,
  dropThreadDrafts,
  findDialogs,
  findDrafts,
  findThreadDraft,
  isListed,
  listArchive,
  listDialogs,
  listNewestDrafts,
  listNewestThreadDrafts,
  listPinned,
  projectPinned,
  projectPinnedOrder,
  PROTECTED_BY,
  saveDraftBytes,
  saveFolder,
  savePinnedOrder,
  saveThreadDraft,
  saveUnreadMark,
  saveViewAsMessages,
} from '../dialogs/index.ts';
import { channelIdOf, type Origin } from '../events/index.ts';
import { ANSWER_BYTES, hasScheduled, listPins, type MessagingDeps } from '../messages/index.ts';
import { type DialogsWithPeers, projectDialogs } from './project-dialogs.ts';

/** Maximum number of pinned dialogs; sent to clients in help.getConfig (`pinned_dialogs_count_max`). */
const PINNED_MAX = 100;

/** The result of moving dialogs between the main list and the archive. */
export interface FolderMove {
  moved: tl.folderPeer[];
  pts: number;
}

/** The fields of a user's full profile that describe the chat with that user. */
export type ChatOfProfile = Pick<
  tl.userFull,
  'pinned_msg_id' | 'folder_id' | 'has_scheduled' | 'ttl_period' | 'noforwards_my_enabled' | 'noforwards_peer_enabled'
>;

/** Where a draft is written. */
export interface DraftPlace {
  /** Marked. */
  peerId: bigint;
  /** The message that started the thread of a channel, or the id of the topic of a forum; undefined: the chat itself. */
  topId?: number | undefined;
}

/** The chat list of a user, with the pins, marks and drafts of its dialogs. */
export class Dialogs {
  readonly #deps: MessagingDeps;

  constructor(deps: MessagingDeps) {
    this.#deps = deps;
  }

  list(page: DialogPage): Promise<DialogSlice> {
    return listDialogs(this.#deps.db.q, page);
  }

  listPinned(ownerId: bigint, folderId: number): Promise<DialogRow[]> {
    return listPinned(this.#deps.db.q, ownerId, folderId);
  }

  /** Returns dialogs by marked peer id; a peer without a row yields an empty dialog. */
  async find(ownerId: bigint, peerIds: readonly bigint[]): Promise<DialogRow[]> {
    const { db } = this.#deps;
    const rows = await findDialogs(db.q, ownerId, peerIds);
    // The dialogs of members have the head of the channel already. Somebody who reads a public channel without being a member is shown its dialog, too.
    const headless = rows.filter((row) => isMarkedChannel(row.peer_id) && row.channel_pts === undefined);
    const views = await findChannelViews(db.q, ownerId, headless.map((row) => row.peer_id));
    return rows.map((row) => {
      const view = views.get(row.peer_id);
      return view === undefined ? row : { ...row, top_msg_id: view.top_msg_id, top_date: view.top_date, channel_pts: view.pts };
    });
  }

  async findChat(ownerId: bigint, peerId: bigint): Promise<ChatOfProfile> {
    const { db } = this.#deps;
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
  }

  /** Lists the marked peer ids of dialogs that the owner marked as unread. */
  async listUnreadMarks(ownerId: bigint): Promise<bigint[]> {
    const rows = await this.#deps.db.q
      .selectFrom('dialogs')
      .select('peer_id')
      .where('owner_id', '=', ownerId)
      .where('unread_mark', '=', true)
      .execute();
    return rows.map((row) => row.peer_id);
  }

  /** Returns the draft for a peer, or for a thread of a channel; undefined if there is none. */
  async findDraft(ownerId: bigint, { peerId, topId }: DraftPlace): Promise<tl.draftMessage | undefined> {
    const { db } = this.#deps;
    if (topId !== undefined) return (await findThreadDraft(db, { owner: ownerId, channelId: channelIdOf(peerId), topId }))?.draft;
    return (await findDrafts(db, ownerId, [peerId])).get(peerId)?.draft;
  }

  /** Lists the newest drafts that fit into one answer. Clients get the others with their dialogs. */
  async listDrafts(ownerId: bigint): Promise<tl.updateDraftMessage[]> {
    const drafts = await listNewestDrafts(this.#deps.db, ownerId, ANSWER_BYTES);
    const bytes = [...drafts.values()].reduce((sum, draft) => sum + draft.bytes, 0);
    const inThreads = await listNewestThreadDrafts(this.#deps.db, ownerId, ANSWER_BYTES - bytes);
    return [...[...drafts].map(([peerId, { draft }]): tl.updateDraftMessage => ({ _: 'updateDraftMessage', peer: unmarkPeer(peerId), draft })), ...inThreads];
  }

  /**
   * Projects dialogs for an answer, with their top messages and every peer that is mentioned.
   * @param keepEmpty include dialogs without messages
   * @param withArchive put the archive first as one entry, unless it is empty
   */
  async project(ownerId: bigint, rows: readonly DialogRow[], keepEmpty: boolean, withArchive: boolean = false): Promise<DialogsWithPeers> {
    const archive = withArchive ? await listArchive(this.#deps.db.q, ownerId) : [];
    return projectDialogs(this.#deps, ownerId, rows, { keepEmpty, archive });
  }

  /** Projects the dialog of a channel with its top message, also for somebody who is not a member. */
  async projectOfChannel(viewerId: bigint, { peerId }: ResolvedChannel): Promise<Omit<DialogsWithPeers, 'dialogs'> & { dialog: tl.dialog }> {
    const { dialogs, ...content } = await projectDialogs(this.#deps, viewerId, await this.find(viewerId, [peerId]), { keepEmpty: true });
    // The cast is safe: without `withArchive`, a row becomes a `dialog` and never a `dialogFolder`.
    return { ...content, dialog: dialogs[0] as tl.dialog };
  }

  /**
   * Pins a dialog at the top, or unpins it.
   * @throws RpcError PINNED_DIALOGS_TOO_MUCH, PEER_HISTORY_EMPTY
   */
  doPin(ownerId: bigint, peerId: bigint, pinned: boolean, origin: Origin | undefined): Promise<void> {
    return this.#write('pin-dialog', ownerId, origin, async (tx) => {
      const dialog = (await findDialogs(tx.q, ownerId, [peerId]))[0]!;
      const folderId = dialog.folder_id;
      const before = (await listPinned(tx.q, ownerId, folderId)).map((row) => row.peer_id);
      if (before.includes(peerId) === pinned) return undefined;
      if (pinned && !isListed(dialog)) throw rpcError('PEER_HISTORY_EMPTY');
      const after = pinned ? [peerId, ...before] : before.filter((id) => id !== peerId);
      if (after.length > PINNED_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
      await savePinnedOrder(tx, ownerId, folderId, after);
      return projectPinned(folderId, peerId, pinned, after);
    });
  }

  /** Sets the order of pinned dialogs. Without `force`, pinned dialogs that are not listed stay pinned below the others. */
  doReorderPinned({ ownerId, folderId, peerIds, force, origin }: { ownerId: bigint; folderId: number; peerIds: readonly bigint[]; force: boolean; origin: Origin | undefined }): Promise<void> {
    return this.#write('reorder-pinned-dialogs', ownerId, origin, async (tx) => {
      const before = (await listPinned(tx.q, ownerId, folderId)).map((row) => row.peer_id);
      const named = [...new Set(peerIds)];
      const dialogs = await findDialogs(tx.q, ownerId, named);
      if (!dialogs.every(isListed)) throw rpcError('PEER_HISTORY_EMPTY');
      const after = force ? named : [...named, ...before.filter((id) => !named.includes(id))];
      if (after.length > PINNED_MAX) throw rpcError('PINNED_DIALOGS_TOO_MUCH');
      if (after.length === before.length && after.every((id, index) => id === before[index])) return undefined;
      await savePinnedOrder(tx, ownerId, folderId, after);
      return projectPinnedOrder(folderId, after);
    });
  }

  /**
   * Moves dialogs between the main list (0) and the archive (1).
   * @returns the dialogs that moved, and the pts of the event
   */
  async doMoveToFolders(ownerId: bigint, moves: ReadonlyMap<bigint, number>, origin: Origin | undefined): Promise<FolderMove> {
    const outcome = await this.#deps.writeBoxes('move-to-folders', [ownerId], async (tx, boxes, date) => {
      const moved: tl.folderPeer[] = [];
      for (const dialog of await findDialogs(tx.q, ownerId, [...moves.keys()])) {
        const folderId = moves.get(dialog.peer_id)!;
        if (dialog.folder_id === folderId) continue;
        await saveFolder(tx, ownerId, dialog.peer_id, folderId);
        moved.push({ _: 'folderPeer', peer: unmarkPeer(dialog.peer_id), folder_id: folderId });
      }
      if (moved.length === 0) return { moved, pts: boxes.pts(ownerId) };
      // The update carries a pts, but its pts_count is 0 (rule P14, pts kinds).
      const pts = boxes.addUpdate(ownerId, { ptsCount: 0, date, origin }, (at) => ({
        _: 'updateFolderPeers',
        folder_peers: moved,
        pts: at,
        pts_count: 0,
      }));
      return { moved, pts };
    });
    for (const { peer, folder_id: folderId } of outcome.moved) if (folderId === 0) await this.#deps.acceptance.doNoteUnarchived(ownerId, markPeer(peer));
    return outcome;
  }

  /**
   * Sets or clears a dialog's unread mark.
   * @throws RpcError PEER_HISTORY_EMPTY
   */
  doMarkUnread(ownerId: bigint, peerId: bigint, unread: boolean, origin: Origin | undefined): Promise<void> {
    return this.#write('mark-dialog-unread', ownerId, origin, async (tx) => {
      const dialog = (await findDialogs(tx.q, ownerId, [peerId]))[0]!;
      if (unread && !isListed(dialog)) throw rpcError('PEER_HISTORY_EMPTY');
      if (!(await saveUnreadMark(tx, ownerId, peerId, unread))) return undefined;
      return {
        _: 'updateDialogUnreadMark',
        unread: unread ? true : undefined,
        peer: { _: 'dialogPeer', peer: unmarkPeer(peerId) },
      };
    });
  }

  /** Sets whether a member sees a forum as one list of messages. @returns the update for the caller; none if nothing changed */
  doViewAsMessages(ownerId: bigint, channelId: bigint, enabled: boolean, origin: Origin | undefined): Promise<tl.Update[]> {
    return this.#deps.writeBoxes('view-forum-as-messages', [ownerId], async (tx, boxes, date) => {
      if (!(await saveViewAsMessages(tx, ownerId, markPeer({ _: 'peerChannel', channel_id: channelId }), enabled))) return [];
      const update: tl.updateChannelViewForumAsMessages = { _: 'updateChannelViewForumAsMessages', channel_id: channelId, enabled };
      boxes.addLoose(ownerId, date, origin, [update]);
      return [update];
    });
  }

  /** Saves the draft for a peer, or for a thread of a channel, which the caller has checked; undefined deletes it. */
  doSaveDraft(ownerId: bigint, { peerId, topId }: DraftPlace, draft: tl.draftMessage | undefined, origin: Origin | undefined): Promise<void> {
    return this.#write('save-draft', ownerId, origin, async (tx) => {
      const date = draft?.date ?? this.#deps.clock.now();
      if (topId !== undefined) {
        const of = { owner: ownerId, channelId: channelIdOf(peerId) };
        const changed = draft === undefined ? await dropThreadDrafts(tx, of, [topId], date) : await saveThreadDraft(tx, { ...of, topId }, draft);
        return changed.length > 0 ? changed : undefined;
      }
      const [row] = await findDialogs(tx.q, ownerId, [peerId]);
      if (draft === undefined && row?.has_draft !== true) return undefined;
      await saveDraftBytes(tx, { owner: ownerId, peerId }, draft === undefined ? null : storedEncode(draft), date);
      return {
        _: 'updateDraftMessage',
        peer: unmarkPeer(peerId),
        draft: draft ?? { _: 'draftMessageEmpty', date },
      };
    });
  }

  doClearDrafts(ownerId: bigint, origin: Origin | undefined): Promise<void> {
    return this.#deps.writeBoxes('clear-drafts', [ownerId], async (tx, boxes, date) => {
      await clearAllDrafts({ tx, boxes, date }, ownerId, origin);
      await clearAllThreadDrafts({ tx, boxes, date }, ownerId, origin);
    });
  }

  /** Locks the owner's box, runs `change`, and logs the updates that it returns. */
  #write(name: string, ownerId: bigint, origin: Origin | undefined, change: (tx: Tx) => Promise<tl.Update | readonly tl.Update[] | undefined>): Promise<void> {
    return this.#deps.writeBoxes(name, [ownerId], async (tx, boxes, date) => {
      const changed = await change(tx);
      if (changed !== undefined) boxes.addLoose(ownerId, date, origin, [changed].flat());
    });
  }
}
