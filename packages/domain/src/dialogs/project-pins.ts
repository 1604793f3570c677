import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

const projectPeer = (peerId: bigint): tl.dialogPeer => ({ _: 'dialogPeer', peer: unmarkPeer(peerId) });

/** The main list is said by leaving the folder out. */
const folderOf = (folderId: number): number | undefined => (folderId === 0 ? undefined : folderId);

/** The pinned dialogs of a folder in their order. Pure. */
export function projectPinnedOrder(folderId: number, order: readonly bigint[]): tl.Update {
  return { _: 'updatePinnedDialogs', folder_id: folderOf(folderId), order: order.map(projectPeer) };
}

/**
 * What is said of a dialog that was pinned or unpinned: that, and the order it left. "Pinned" alone means on top, so that
 * hearing of it twice, or late, would leave a device with another order; updates without pts may be said more than once. Pure.
 */
export function projectPinned(folderId: number, peerId: bigint, pinned: boolean, order: readonly bigint[]): tl.Update[] {
  return [
    { _: 'updateDialogPinned', pinned: pinned ? true : undefined, folder_id: folderOf(folderId), peer: projectPeer(peerId) },
    projectPinnedOrder(folderId, order),
  ];
}

/** The pinned ones of Saved Messages in their order. Pure. */
export function projectSavedOrder(order: readonly bigint[]): tl.Update {
  return { _: 'updatePinnedSavedDialogs', order: order.map(projectPeer) };
}

/** `projectPinned` for the dialogs of Saved Messages. Pure. */
export function projectSavedPinned(peerId: bigint, pinned: boolean, order: readonly bigint[]): tl.Update[] {
  return [{ _: 'updateSavedDialogPinned', pinned: pinned ? true : undefined, peer: projectPeer(peerId) }, projectSavedOrder(order)];
}
