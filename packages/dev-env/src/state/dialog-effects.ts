import type { tl } from '@aerogram/tl';
import type { AccountParts, Effects } from './account-parts.ts';
import { markPeer } from './box-message.ts';
import { keepWallpaper } from './user-effects.ts';

/** What updates do to the list of chats and to what is kept with each. */
export const DIALOG_EFFECTS: Effects = {
  updateDraftMessage: (state, { peer, top_msg_id, draft }) => state.cells.set(draftCell(markPeer(peer), top_msg_id), draft._ === 'draftMessageEmpty' ? undefined : draft),
  updateDialogPinned(state, { peer, pinned, folder_id = 0 }) {
    if (peer._ === 'dialogPeer') pinDialog(state, `pinned ${folder_id}`, markPeer(peer.peer), pinned === true);
  },
  updatePinnedDialogs(state, { order, folder_id = 0 }) {
    if (order === undefined) state.cells.expire(`pinned ${folder_id}`);
    else setOrder(state, `pinned ${folder_id}`, order.flatMap((one) => (one._ === 'dialogPeer' ? [markPeer(one.peer)] : [])));
  },
  updateSavedDialogPinned(state, { peer, pinned }) {
    if (peer._ === 'dialogPeer') pinDialog(state, 'pinned saved', markPeer(peer.peer), pinned === true);
  },
  updatePinnedSavedDialogs(state, { order }) {
    if (order === undefined) state.cells.expire('pinned saved');
    else setOrder(state, 'pinned saved', order.flatMap((one) => (one._ === 'dialogPeer' ? [markPeer(one.peer)] : [])));
  },
  updateDialogUnreadMark(state, { peer, unread }) {
    if (peer._ === 'dialogPeer') state.cells.set(`unread mark ${markPeer(peer.peer)}`, unread);
  },
  updateChannelViewForumAsMessages: (state, { channel_id, enabled }) => state.cells.set(asMessagesCell(markPeer({ _: 'peerChannel', channel_id })), enabled || undefined),
  updateFolderPeers(state, { folder_peers }) {
    for (const { peer, folder_id } of folder_peers) moveDialog(state, markPeer(peer), folder_id);
  },
  updatePeerHistoryTTL: (state, { peer, ttl_period }) => state.cells.set(`ttl ${markPeer(peer)}`, ttl_period),
  updatePeerWallpaper: (state, { peer, ...shown }) => keepWallpaper(state.cells, markPeer(peer), shown),
  updatePeerSettings: (state, { peer, settings }) => keepBar(state, markPeer(peer), settings),

  updateDialogFilter(state, { id, filter }) {
    state.cells.set(`folder ${id}`, filter);
    const order = state.cells.get<number[]>('folder order') ?? [];
    if (filter === undefined) state.cells.set('folder order', order.filter((one) => one !== id));
    else if (!order.includes(id)) state.cells.set('folder order', [...order, id]);
  },
  // The list of all chats comes first where nothing is said of it.
  updateDialogFilterOrder: (state, { order }) => state.cells.set('folder order', order.includes(0) ? order : [0, ...order]),
  updateDialogFilters: (state) => state.cells.expire('folder *'),
  updateSavedReactionTags: (state) => state.cells.expire('tag *'),
};

/** The cell of what is typed and not sent. */
export function draftCell(peer: number, topic?: number): string {
  return topic === undefined ? `draft ${peer}` : `draft ${peer} ${topic}`;
}

/** The cell that says whether a forum is shown as one list of messages. */
export function asMessagesCell(peer: number): string {
  return `as messages ${peer}`;
}

/** Sets the order of pinned dialogs. */
export function setOrder(state: AccountParts, name: string, order: readonly number[]): void {
  state.cells.set(name, order.length === 0 ? undefined : order);
}

/** Keeps what the bar above a chat offers. */
export function keepBar(state: AccountParts, peer: number, settings: tl.peerSettings): void {
  state.cells.setIfCurrent(`bar ${peer}`, Object.values(settings).filter((value) => value !== undefined).length > 1 ? settings : undefined);
}

/**
 * Notes that bars which a difference told of are read again. A difference repeats what was logged in the last seconds, and what a bar offers depends on messages that may
 * have come since: clients read it again when they open the chat.
 */
export function expireBars(state: AccountParts, told: readonly tl.Update[]): void {
  for (const update of told) if (update._ === 'updatePeerSettings') state.cells.expire(`bar ${markPeer(update.peer)}`);
}

/** Pins a dialog on top, or unpins it. */
function pinDialog(state: AccountParts, name: string, peer: number, pinned: boolean): void {
  const order = state.cells.get<number[]>(name) ?? [];
  if (order.includes(peer) === pinned) return;
  setOrder(state, name, pinned ? [peer, ...order] : order.filter((one) => one !== peer));
}

/** Puts a dialog into the archive (1) or the list (0), where it is not pinned. */
function moveDialog(state: AccountParts, peer: number, folder: number): void {
  state.cells.set(`archived ${peer}`, folder === 0 ? undefined : folder);
  for (const name of ['pinned 0', 'pinned 1']) pinDialog(state, name, peer, false);
}
