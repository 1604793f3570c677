import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { ResolvedPeer } from '../access/index.ts';
import type { Photos } from '../collections/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { maySee, maySeeFallback, type Users } from '../users/index.ts';

/** What {@link findRequestedPhotos} reads. */
export interface RequestedPhotosDeps {
  db: Pick<Database, 'run'>;
  users: Pick<Users, 'findRow' | 'findRelation'>;
  privacy: Pick<Privacy, 'allows'>;
  photos: Pick<Photos, 'find'>;
}

/**
 * The photos of peers that somebody shares with a bot, by marked id, as they are stored in a message. The bot gets only those that it may see on the
 * profiles: what the person may see is not for the person to pass on.
 */
export async function findRequestedPhotos(deps: RequestedPhotosDeps, botId: bigint, peers: readonly ResolvedPeer[]): Promise<Map<bigint, tl.photo>> {
  const wanted = await Promise.all(peers.map(async (peer) => ({ peerId: peer.peerId, id: await findPhotoId(deps, botId, peer) })));
  const ids = wanted.flatMap(({ id }) => (id === null ? [] : [id]));
  const found = new Map((ids.length === 0 ? [] : await deps.photos.find(deps.db, ids, { kind: 'upload' })).map((photo) => [photo.id, photo]));
  return new Map(
    wanted.flatMap(({ peerId, id }) => {
      const photo = id === null ? undefined : found.get(id);
      return photo === undefined ? [] : [[peerId, { ...photo, access_hash: 0n, file_reference: new Uint8Array() }]];
    }),
  );
}

async function findPhotoId(deps: RequestedPhotosDeps, botId: bigint, peer: ResolvedPeer): Promise<bigint | null> {
  if (peer.kind !== 'user') return peer.row.photo_id;
  const { userId, row } = peer;
  if (await maySee(deps, 'ProfilePhoto', botId, userId)) return row.photo_id;
  return (await maySeeFallback(deps, botId, userId)) ? row.fallback_photo_id : null;
}
