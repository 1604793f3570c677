import { rpcError } from '@aerogram/errors';
import { pageSize } from '@aerogram/runtime';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { lockBotToEdit } from '../bot-info/index.ts';
import type { Chats } from '../chats/index.ts';
import { noteCall, type Origin, type SubjectDeps } from '../events/index.ts';
import { CHAT_PHOTOS, dropKept, isKept, keepFirst, type KeptPlace, listKeptIds, lockIdsToKeep, type Photos, PROFILE_PHOTOS } from '../collections/index.ts';
import type { ProfilePicture } from '../documents/index.ts';
import { findUserRows, type UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { maySee, type Users } from '../users/index.ts';
import { findShownPhoto, isOnProfile } from './peer-photo.ts';
import { saveCurrentPhoto } from './profile-photo-store.ts';

/** The most photos of one profile. */
const PHOTOS_MAX = 1000;
/** The most photos in one answer. */
const PAGE_MAX = 100;

/** A page of the photos of a profile. */
export interface PhotoPage {
  /** How many photos are left out first. With `maxId`, -1 begins with that photo itself, as clients ask for a new file reference. */
  offset: number;
  /** The page begins after the photo with this id. 0: it begins with the first photo. */
  maxId: bigint;
  limit: number;
}

/** Whose profile is changed. */
export interface ProfileEditor {
  userId: bigint;
  /** Whoever changes it: the user, or the owner of a bot. */
  actorId: bigint;
  /** The session of the actor that does so; undefined for the server. */
  origin: Origin | undefined;
}

/** Photos of users' own profiles, and those of their bots (core.telegram.org/api/files#profile-photos), newest first. The first one stands beside the name. */
export interface ProfilePhotos {
  /**
   * Makes an uploaded picture or video the current photo.
   * @throws RpcError ALBUM_PHOTOS_TOO_MANY, BOT_INVALID (no bot of the actor), and as {@link Photos.doCreateProfile}
   */
  doUpload(editor: ProfileEditor, picture: ProfilePicture): Promise<tl.photo>;
  /**
   * Makes a photo that the actor has in a message the current photo.
   * @throws RpcError ALBUM_PHOTOS_TOO_MANY, BOT_INVALID (no bot of the actor), and as {@link Photos.doCropForProfile}
   */
  doTakeFromMessage(editor: ProfileEditor, source: { photoId: bigint; msgId: number }): Promise<void>;
  /**
   * Makes an earlier photo of the profile the current one, or one in a message of the actor, such as a suggestion.
   * @throws RpcError PHOTO_ID_INVALID, ALBUM_PHOTOS_TOO_MANY, BOT_INVALID (no bot of the actor), and as {@link Photos.accessProfile}
   */
  doSelect(editor: ProfileEditor, input: tl.InputPhoto): Promise<tl.photo>;
  /**
   * Deletes photos of the profile. The newest of the others becomes the current one, if that was deleted.
   * @param photoIds undefined: all of them
   * @returns the ids of the photos that were there
   * @throws RpcError BOT_INVALID (no bot of the actor)
   */
  doDelete(editor: ProfileEditor, photoIds: readonly bigint[] | undefined): Promise<bigint[]>;
  /**
   * Deletes the current photo.
   * @param randomId the same for a repeat of the same call, which must not delete the next photo, too; not 0
   * @throws RpcError BOT_INVALID (no bot of the actor)
   */
  doDeleteCurrent(editor: ProfileEditor, randomId: bigint): Promise<void>;
  /** Lists the photos of a user as far as the viewer may see them. @returns them, and how many there are */
  list(viewerId: bigint, userId: bigint, page: PhotoPage): Promise<{ photos: tl.photo[]; count: number }>;
  /** The current photo of a user; undefined if there is none or the viewer may not see it. */
  findCurrent(viewerId: bigint, row: UserRow): Promise<tl.photo | undefined>;
  /** The photo of a group or channel, given by its marked id; undefined if there is none or the viewer may not see it. */
  findOfChat(viewerId: bigint, peerId: bigint): Promise<tl.photo | undefined>;
  /** The photo of a group or channel, for those to whom an invite link shows it. */
  findInPreview(hash: string, photoId: bigint): Promise<tl.photo | undefined>;
  /** Whether a client names a photo of a user, also the one for those who may not see the others, or the photo of a group or channel, that the viewer may see. @param peerId marked */
  isShown(viewerId: bigint, peerId: bigint, input: tl.InputPhoto): Promise<boolean>;
}

interface ProfilePhotoParts {
  chats: Pick<Chats, 'projectChats'>;
  users: Users;
  privacy: Pick<Privacy, 'allows'>;
  photos: Pick<Photos, 'accessProfile' | 'doCreateProfile' | 'doCropForProfile' | 'find' | 'idOf'>;
}

/** Creates the operations on profile photos. */
export function createProfilePhotos({ db, writeBoxes, cardTeller }: SubjectDeps, { chats, users, privacy, photos }: ProfilePhotoParts): ProfilePhotos {
  const placeOf = (userId: bigint): KeptPlace => ({ ownerId: userId, list: PROFILE_PHOTOS });
  const originOf = (userId: bigint) => ({ kind: 'kept', ...placeOf(userId) }) as const;

  const isSeen = (viewerId: bigint, userId: bigint): Promise<boolean> => maySee({ users, privacy }, 'ProfilePhoto', viewerId, userId);

  /** Changes the list of photos in a transaction. The first photo of the new list becomes the one that others see beside the name. */
  const change = async <T>({ userId, actorId, origin }: ProfileEditor, edit: (tx: Tx, before: readonly bigint[], date: number) => Promise<T>): Promise<T> => {
    const update: tl.updateUser = { _: 'updateUser', user_id: userId };
    const { result, isChanged } = await writeBoxes('change-profile-photos', [userId], async (tx, boxes, date) => {
      if (actorId !== userId) await lockBotToEdit(tx, { botId: userId, actorId });
      const before = await listKeptIds(tx, placeOf(userId));
      const edited = await edit(tx, before, date);
      const after = await listKeptIds(tx, placeOf(userId));
      if (String(after) === String(before)) return { result: edited, isChanged: false };
      if (before.some((id) => !after.includes(id))) boxes.bereft.add(userId);
      const row = (await findUserRows(tx, [userId])).get(userId);
      const [first] = after;
      if ((row?.photo_id ?? undefined) !== first) {
        const photo = first === undefined ? undefined : (await photos.find(tx, [first], originOf(userId)))[0];
        await saveCurrentPhoto(tx, userId, photo);
        await cardTeller?.tell(tx, [userId], boxes);
        tx.afterCommit(() => users.userChanged(userId));
      }
      // The session of an owner has another box.
      boxes.addLoose(userId, date, actorId === userId ? origin : undefined, [update]);
      return { result: edited, isChanged: true };
    });
    if (isChanged) users.showChange(userId, update);
    return result;
  };

  /** Makes a new photo the current one. */
  const keepNew = (editor: ProfileEditor, id: bigint): Promise<void> =>
    change(editor, async (tx, before) => {
      if (before.length >= PHOTOS_MAX && !before.includes(id)) throw rpcError('ALBUM_PHOTOS_TOO_MANY');
      await keepFirst(tx, placeOf(editor.userId), id);
    });

  const findPhoto = async (userId: bigint, id: bigint): Promise<tl.photo> => {
    const [photo] = await photos.find(db, [id], originOf(userId));
    if (photo === undefined) throw rpcError('PHOTO_ID_INVALID');
    return photo;
  };

  return {
    async doUpload(editor, picture) {
      const { userId, actorId } = editor;
      const id = await photos.doCreateProfile(actorId, picture, await listKeptIds(db, placeOf(userId)));
      await keepNew(editor, id);
      return findPhoto(userId, id);
    },
    async doTakeFromMessage(editor, source) {
      await keepNew(editor, await photos.doCropForProfile(editor.actorId, source, await listKeptIds(db, placeOf(editor.userId))));
    },
    async doSelect(editor, input) {
      const { userId, actorId } = editor;
      const id = photos.idOf(input);
      if (id === undefined) throw rpcError('PHOTO_ID_INVALID');
      if (!(await isKept(db, placeOf(userId), id))) await photos.accessProfile(actorId, input);
      await change(editor, async (tx, before) => {
        if (before.length >= PHOTOS_MAX && !before.includes(id)) throw rpcError('ALBUM_PHOTOS_TOO_MANY');
        if (!before.includes(id) && !(await lockIdsToKeep(tx, [id]))) throw rpcError('PHOTO_ID_INVALID');
        if (before[0] !== id) await keepFirst(tx, placeOf(userId), id);
      });
      return findPhoto(userId, id);
    },
    doDelete: (editor, photoIds) =>
      change(editor, async (tx, before) => {
        const gone = before.filter((id) => photoIds?.includes(id) ?? true);
        await dropKept(tx, placeOf(editor.userId), gone);
        return gone;
      }),
    async doDeleteCurrent(editor, randomId) {
      await change(editor, async (tx, before, date) => {
        if (await noteCall(tx, editor.userId, randomId, date)) await dropKept(tx, placeOf(editor.userId), before.slice(0, 1));
      });
    },
    async list(viewerId, userId, { offset, maxId, limit }) {
      if (!(await isSeen(viewerId, userId))) return { photos: [], count: 0 };
      const ids = await listKeptIds(db, placeOf(userId));
      if (maxId !== 0n && !ids.includes(maxId)) return { photos: [], count: ids.length };
      const first = Math.max(offset + (maxId === 0n ? 0 : ids.indexOf(maxId) + 1), 0);
      const page = ids.slice(first, first + pageSize(limit, PAGE_MAX));
      return { photos: await photos.find(db, page, originOf(userId)), count: ids.length };
    },
    async findCurrent(viewerId, { user_id: userId, photo_id: photoId }) {
      if (photoId === null || !(await isSeen(viewerId, userId))) return undefined;
      return (await photos.find(db, [photoId], originOf(userId)))[0];
    },
    async findOfChat(viewerId, peerId) {
      const id = await findShownPhoto(chats, viewerId, peerId);
      return id === undefined ? undefined : (await photos.find(db, [id], { kind: 'kept', ownerId: peerId, list: CHAT_PHOTOS }))[0];
    },
    findInPreview: async (hash, photoId) => (await photos.find(db, [photoId], { kind: 'invite', hash }))[0],
    async isShown(viewerId, peerId, input) {
      const id = photos.idOf(input);
      if (id === undefined) return false;
      if (peerId < 0n) return (await findShownPhoto(chats, viewerId, peerId)) === id;
      return isOnProfile({ db, users, privacy }, viewerId, { userId: peerId, photoId: id });
    },
  };
}
