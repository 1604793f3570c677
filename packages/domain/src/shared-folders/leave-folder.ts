import { unmarkPeer } from '@aerogram/cluster';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Channels } from '../channels/index.ts';
import { findJoinedFolder, forgetSharedFolder } from '../chat-list/index.ts';
import { removeFilter } from '../dialogs/index.ts';
import type { BoxWriter } from '../events/index.ts';
import type { Groups } from '../groups/index.ts';
import type { FolderActing } from './folder-links.ts';
import { checkShared, findFolder, isError, peersOfFolder } from './folder-peers.ts';
import { findStanding, type LinkedChatsDeps } from './linked-chats.ts';

/** The dependencies of leaving folders. */
export interface LeaveFolderDeps extends LinkedChatsDeps, Pick<BoxWriter, 'writeBoxes'> {
  db: Database;
  channels: Pick<Channels, 'at'>;
  groups: Pick<Groups, 'doRemoveUser'>;
}

/**
 * Lists the chats that clients suggest to leave together with a folder: those that the viewer joined by its link, is an ordinary member of, and has in
 * no other folder.
 * @returns marked ids
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED
 */
export async function suggestLeaving(deps: LeaveFolderDeps, viewerId: bigint, filterId: number): Promise<bigint[]> {
  const { folders, filter } = await findFolder(deps.db.q, viewerId, filterId);
  const own = peersOfFolder(checkShared(filter));
  const others = folders.filter(({ id }) => id !== filterId).map((folder) => peersOfFolder(folder.filter));
  const joined = (await findJoinedFolder(deps.db.q, { ownerId: viewerId, filterId }))?.joined_ids ?? [];
  const candidates = joined.filter((peerId) => own.has(peerId) && !others.some((other) => other.has(peerId)));
  const standings = await Promise.all(candidates.map((peerId) => findStanding(deps, peerId, viewerId)));
  return candidates.filter((_, index) => standings[index]?.standing.status === 'member' && standings[index].standing.role === 'member');
}

/**
 * Deletes a shared folder of the viewer, with its links, and leaves some of its chats.
 * @param peerIds marked ids; those that are not in the folder are left out
 * @returns the update about the folder
 * @throws RpcError 400 FILTER_ID_INVALID, FILTER_NOT_SUPPORTED
 */
export async function doLeaveFolder(deps: LeaveFolderDeps, { actorId, origin }: FolderActing, filterId: number, peerIds: readonly bigint[]): Promise<tl.updateDialogFilter> {
  const own = peersOfFolder(checkShared((await findFolder(deps.db.q, actorId, filterId)).filter));
  for (const peerId of new Set(peerIds)) if (own.has(peerId)) await leave(deps, actorId, peerId);
  return deps.writeBoxes('leave-folder', [actorId], async (tx, boxes, date) => {
    const update: tl.updateDialogFilter = { _: 'updateDialogFilter', id: filterId };
    await forgetSharedFolder(tx, { ownerId: actorId, filterId });
    if (await removeFilter(tx, actorId, filterId)) boxes.addLoose(actorId, date, origin, [update]);
    return update;
  });
}

/** Leaves a chat. The answer tells only of the folder, so the calling device gets pushed what happens in the chat. */
async function leave({ channels, groups }: LeaveFolderDeps, userId: bigint, peerId: bigint): Promise<void> {
  const peer = unmarkPeer(peerId);
  try {
    if (peer._ === 'peerChannel') await channels.at(peer.channel_id).members.doLeave({ actorId: userId, origin: undefined });
    if (peer._ === 'peerChat') await groups.doRemoveUser({ actorId: userId, chatId: peer.chat_id, origin: undefined }, userId, false);
  } catch (error) {
    // A repeat finds that the user has left already.
    if (!isError(error, 'USER_NOT_PARTICIPANT') && !isError(error, 'CHAT_ID_INVALID')) throw error;
  }
}
