import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import type { AccessPeers } from '../access/index.ts';
import { isKept, PROFILE_PHOTOS, type ReadPeerPhoto } from '../files/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { maySee, type Users } from '../users/index.ts';

interface PeerPhotoDeps {
  db: Pick<Database, 'run'>;
  peers: Pick<AccessPeers, 'accessInputPeer'>;
  users: Pick<Users, 'findRow'>;
  privacy: Pick<Privacy, 'allows'>;
}

/** Creates the check whether a viewer may load a photo of a peer, which clients name by the peer instead of by a file reference. */
export function createReadPeerPhoto({ db, peers, ...deps }: PeerPhotoDeps): ReadPeerPhoto {
  return async (viewerId, { peer, photo_id: photoId }) => {
    const found = await peers.accessInputPeer(viewerId, peer);
    // Groups and channels have no photos yet.
    if (found.kind !== 'user') throw rpcError('LOCATION_INVALID');
    const isShown = (await maySee(deps, 'ProfilePhoto', viewerId, found.userId)) && (await isKept(db, { ownerId: found.userId, list: PROFILE_PHOTOS }, photoId));
    if (!isShown) throw rpcError('LOCATION_INVALID');
  };
}
