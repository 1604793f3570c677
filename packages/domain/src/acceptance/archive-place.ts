import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { findDialogs, saveFolder } from '../dialogs/index.ts';
import type { OpenBoxes, Origin } from '../events/index.ts';
import { findNotifyRow, projectNotifyUpdate, saveNotifySettings } from '../notifications/index.ts';
import { saveArchived, type UnacceptedPlace } from './place-store.ts';

/** The `mute_until` of chats that are muted for ever. */
const FOR_EVER = 2_147_483_647;

const ARCHIVE = 1;

/** The actions that the bar above a group or channel offers to somebody who has not accepted their place there. Pure. @param place undefined if the place is accepted */
export function projectPlaceSettings(place: Pick<UnacceptedPlace, 'archived'> | undefined): tl.peerSettings {
  if (place === undefined) return { _: 'peerSettings' };
  return { _: 'peerSettings', report_spam: true, autoarchived: place.archived || undefined };
}

/** The update about the bar above a group or channel. Pure. @param place undefined if the place is accepted */
export function projectPlaceUpdate(peerId: bigint, place: Pick<UnacceptedPlace, 'archived'> | undefined): tl.updatePeerSettings {
  return { _: 'updatePeerSettings', peer: unmarkPeer(peerId), settings: projectPlaceSettings(place) };
}

/** Moves a chat between the main list and the archive, and tells all devices of its owner, whose box is open. */
export async function moveToFolder({ tx, boxes, date }: OpenBoxes, ownerId: bigint, peerId: bigint, folderId: number): Promise<void> {
  await saveFolder(tx, ownerId, peerId, folderId);
  const folder_peers: tl.folderPeer[] = [{ _: 'folderPeer', peer: unmarkPeer(peerId), folder_id: folderId }];
  // The update carries a pts, but its pts_count is 0 (rule P14, pts kinds).
  boxes.addUpdate(ownerId, { ptsCount: 0, date, origin: undefined }, (pts) => ({ _: 'updateFolderPeers', folder_peers, pts, pts_count: 0 }));
}

/** Archives and mutes a place that strangers have filled with messages, and tells the devices of its owner, whose box is open. */
export async function archivePlace(open: OpenBoxes, place: UnacceptedPlace): Promise<void> {
  const { owner_id: ownerId, peer_id: peerId } = place;
  const [[dialog], settings] = await Promise.all([findDialogs(open.tx.q, ownerId, [peerId]), findNotifyRow(open.tx.q, ownerId, { peer: unmarkPeer(peerId) })]);
  const folderId = dialog?.folder_id ?? 0;
  await saveArchived(open.tx, place, { folderId, muteUntil: settings?.mute_until ?? null });
  if (folderId !== ARCHIVE) await moveToFolder(open, ownerId, peerId, ARCHIVE);
  await mute(open, place, FOR_EVER);
  open.boxes.addLoose(ownerId, open.date, undefined, [projectPlaceUpdate(peerId, { archived: true })]);
}

/** Sets until when a place is muted, and tells the devices of its owner. */
async function mute({ tx, boxes, date }: OpenBoxes, { owner_id: ownerId, peer_id: peerId }: UnacceptedPlace, muteUntil: number | null): Promise<void> {
  const scope = { peer: unmarkPeer(peerId) };
  await saveNotifySettings(tx, { owner_id: ownerId, scope: 'peer', peer_id: peerId }, { mute_until: muteUntil });
  boxes.addLoose(ownerId, date, undefined, [projectNotifyUpdate(scope, await findNotifyRow(tx.q, ownerId, scope))]);
}

/**
 * Tells the devices of the owners, whose boxes are open, that these places are accepted now, and undoes what {@link archivePlace} did and the owner has not
 * changed since.
 * @param places rows as they were before the acceptance
 * @param origin the session that knows already that its bar is gone
 */
export async function welcomePlaces(open: OpenBoxes, places: readonly UnacceptedPlace[], origin: Origin | undefined): Promise<void> {
  for (const place of places) {
    const { owner_id: ownerId, peer_id: peerId } = place;
    if (place.archived) await restorePlace(open, place);
    if (place.ended_date === null && !place.adder_known) open.boxes.addLoose(ownerId, open.date, origin, [projectPlaceUpdate(peerId, undefined)]);
  }
}

async function restorePlace(open: OpenBoxes, place: UnacceptedPlace): Promise<void> {
  const { owner_id: ownerId, peer_id: peerId } = place;
  const [[dialog], settings] = await Promise.all([findDialogs(open.tx.q, ownerId, [peerId]), findNotifyRow(open.tx.q, ownerId, { peer: unmarkPeer(peerId) })]);
  if (dialog?.folder_id === ARCHIVE && place.folder_before !== ARCHIVE) await moveToFolder(open, ownerId, peerId, place.folder_before);
  if (settings?.mute_until === FOR_EVER) await mute(open, place, place.mute_before);
}
