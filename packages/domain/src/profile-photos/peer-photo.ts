import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { AccessPeers } from '../access/index.ts';
import type { Chats } from '../chats/index.ts';
import { FALLBACK_PHOTOS, isKept, PROFILE_PHOTOS, type ReadPeerPhoto } from '../collections/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { maySee, maySeeFallback, type Users } from '../users/index.ts';

interface PeerPhotoDeps {
  db: Pick<Database, 'run'>;
  peers: Pick<AccessPeers, 'accessInputPeerOrFormer'>;
  chats: Pick<Chats, 'projectChats'>;
  users: Pick<Users, 'findRow' | 'findRelation'>;
  privacy: Pick<Privacy, 'allows'>;
}

/** Creates the check whether a viewer may load a photo of a peer, which clients name by the peer instead of by a file reference. */
export function createReadPeerPhoto({ db, peers, chats, ...deps }: PeerPhotoDeps): ReadPeerPhoto {
  const isShownOfUser = async (viewerId: bigint, userId: bigint, photoId: bigint): Promise<boolean> =>
    (await isOnProfile({ db, ...deps }, viewerId, { userId, photoId })) ||
    // The viewer has set it for the contact.
    (await deps.users.findRelation(viewerId, userId)).contact?.photo_id === photoId;
  return async (viewerId, { peer, photo_id: photoId }) => {
    const found = await peers.accessInputPeerOrFormer(viewerId, peer);
    const isShown = found.kind === 'user' ? await isShownOfUser(viewerId, found.userId, photoId) : (await findShownPhoto(chats, viewerId, found.peerId)) === photoId;
    if (!isShown) throw rpcError('LOCATION_INVALID');
  };
}

/** Whether a photo is one of a user's own profile that the viewer may see, or the one for those who may not see the others. */
export async function isOnProfile({ db, ...deps }: Pick<PeerPhotoDeps, 'db' | 'users' | 'privacy'>, viewerId: bigint, { userId, photoId }: { userId: bigint; photoId: bigint }): Promise<boolean> {
  return (
    ((await maySee(deps, 'ProfilePhoto', viewerId, userId)) && (await isKept(db, { ownerId: userId, list: PROFILE_PHOTOS }, photoId))) ||
    ((await maySeeFallback(deps, viewerId, userId)) && (await isKept(db, { ownerId: userId, list: FALLBACK_PHOTOS }, photoId)))
  );
}

/** The id of the photo of a group or channel; undefined if there is none or the viewer is not shown it. @param peerId marked */
export async function findShownPhoto(chats: Pick<Chats, 'projectChats'>, viewerId: bigint, peerId: bigint): Promise<bigint | undefined> {
  const [chat] = await chats.projectChats(viewerId, [peerId]);
  return chat !== undefined && 'photo' in chat && chat.photo._ === 'chatPhoto' ? chat.photo.photo_id : undefined;
}
