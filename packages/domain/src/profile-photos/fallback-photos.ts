import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Origin, SubjectDeps } from '../events/index.ts';
import { FALLBACK_PHOTOS, isKept, keepOnly, type KeptPlace, type Photos, PROFILE_PHOTOS } from '../collections/index.ts';
import type { ProfilePicture } from '../documents/index.ts';
import { findUserRows, type UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { maySee, maySeeFallback, type Users } from '../users/index.ts';
import { saveFallbackPhoto } from './profile-photo-store.ts';

/** The photo of each user that is shown to those who may not see the others by the user's privacy rules. */
export interface FallbackPhotos {
  /** Makes an uploaded picture or video the fallback photo. Throws as {@link Photos.doCreateProfile}. */
  doUpload(userId: bigint, picture: ProfilePicture, origin: Origin): Promise<tl.photo>;
  /** Makes a photo of the own profile the fallback photo, too. @throws RpcError PHOTO_ID_INVALID */
  doSelect(userId: bigint, input: tl.InputPhoto, origin: Origin): Promise<tl.photo>;
  /** Deletes the fallback photo. Nothing happens if there is none. */
  doDeleteCurrent(userId: bigint, origin: Origin): Promise<void>;
  /** The fallback photo of a user, if the viewer is its owner or sees it in the place of the others. */
  find(viewerId: bigint, row: UserRow): Promise<tl.photo | undefined>;
}

interface FallbackPhotoParts {
  users: Users;
  privacy: Pick<Privacy, 'allows'>;
  photos: Pick<Photos, 'doCreateProfile' | 'find' | 'idOf'>;
}

/** Creates the operations on fallback photos. */
export function createFallbackPhotos({ db, writeBoxes }: Pick<SubjectDeps, 'db' | 'writeBoxes'>, { users, privacy, photos }: FallbackPhotoParts): FallbackPhotos {
  const placeOf = (userId: bigint): KeptPlace => ({ ownerId: userId, list: FALLBACK_PHOTOS });
  const findOwn = async (reader: Parameters<Photos['find']>[0], userId: bigint, id: bigint): Promise<tl.photo> => {
    const [photo] = await photos.find(reader, [id], { kind: 'kept', ...placeOf(userId) });
    if (photo === undefined) throw rpcError('PHOTO_ID_INVALID');
    return photo;
  };

  /** @param check throws if the photo may not be used; it runs while the box of the user is locked */
  const change = async (userId: bigint, id: bigint | undefined, origin: Origin, check?: (tx: Tx) => Promise<void>): Promise<void> => {
    const update: tl.updateUser = { _: 'updateUser', user_id: userId };
    const isChanged = await writeBoxes('change-fallback-photo', [userId], async (tx, boxes, date) => {
      await check?.(tx);
      const row = (await findUserRows(tx, [userId])).get(userId);
      if ((row?.fallback_photo_id ?? undefined) === id) return false;
      await keepOnly(tx, placeOf(userId), id);
      await saveFallbackPhoto(tx, userId, id === undefined ? undefined : await findOwn(tx, userId, id));
      tx.afterCommit(() => users.userChanged(userId));
      boxes.addLoose(userId, date, origin, [update]);
      return true;
    });
    if (isChanged) users.showChange(userId, update);
  };

  return {
    async doUpload(userId, picture, origin) {
      const known = (await users.findRow(userId))?.fallback_photo_id;
      const id = await photos.doCreateProfile(userId, picture, known === undefined || known === null ? [] : [known]);
      await change(userId, id, origin);
      return findOwn(db, userId, id);
    },
    async doSelect(userId, input, origin) {
      const id = photos.idOf(input);
      if (id === undefined) throw rpcError('PHOTO_ID_INVALID');
      await change(userId, id, origin, async (tx) => {
        const isOwn = (await isKept(tx, { ownerId: userId, list: PROFILE_PHOTOS }, id)) || (await isKept(tx, placeOf(userId), id));
        if (!isOwn) throw rpcError('PHOTO_ID_INVALID');
      });
      return findOwn(db, userId, id);
    },
    doDeleteCurrent: (userId, origin) => change(userId, undefined, origin),
    async find(viewerId, { user_id: userId, fallback_photo_id: id }) {
      if (id === null || !(await maySeeFallback({ users }, viewerId, userId))) return undefined;
      if (viewerId !== userId && (await maySee({ users, privacy }, 'ProfilePhoto', viewerId, userId))) return undefined;
      return (await photos.find(db, [id], { kind: 'kept', ...placeOf(userId) }))[0];
    },
  };
}
