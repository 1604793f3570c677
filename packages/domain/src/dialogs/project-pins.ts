import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

const projectPeer = (peerId: bigint): tl.dialogPeer => ({ _: 'dialogPeer', peer: unmarkPeer(peerId) });

/** The main list is encoded by omitting the folder id. */
const folderOf = (folderId: number): number | undefined => (folderId === 0 ? undefined : folderId);

/** The update with the order of a folder's pinned dialogs. Pure. */
export function projectPinnedOrder(folderId: number, order: readonly bigint[]): tl.Update {
  return { _: 'updatePinnedDialogs', folder_id: folderOf(folderId), order: order.map(projectPeer) };
}

/**
 * The updates for a dialog that was pinned or unpinned: the change itself and the resulting order. `updateDialogPinned` alone means "move
 * to the top", so a device that gets it twice or late would end up with a different order, and updates without pts may be delivered more
 * than once. Pure.
 */
export function projectPinned(folderId: number, peerId: bigint, pinned: boolean, order: readonly bigint[]): tl.Update[] {
  return [
    { _: 'updateDialogPinned', pinned: pinned ? true : undefined, folder_id: folderOf(folderId), peer: projectPeer(peerId) },
    projectPinnedOrder(folderId, order),
  ];
}

/** The update with the order of the pinned dialogs in Saved Messages. Pure. */
export function projectSavedOrder(order: readonly bigint[]): tl.Update {
  return { _: 'updatePinnedSavedDialogs', order: order.map(projectPeer) };
}

/** Same as {@link projectPinned} for a dialog in Saved Messages. Pure. */
export function projectSavedPinned(peerId: bigint, pinned: boolean, order: readonly bigint[]): tl.Update[] {
  return [{ _: 'updateSavedDialogPinned', pinned: pinned ? true : undefined, peer: projectPeer(peerId) }, projectSavedOrder(order)];
}
