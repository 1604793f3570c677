import { createHash } from 'node:crypto';

import { rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';
import { encode, type tl } from '@aerogram/tl';

import type { Contacts } from '../contacts/index.ts';
import { type MessageRow, type Origin, packMessageExtra, unpackMessageExtra } from '../events/index.ts';
import { checkPicture, findMadeEmojiIn, type ProfilePicture, type ProfileUpload } from '../documents/index.ts';
import { CONTACT_PHOTOS, type Photos } from '../collections/index.ts';
import { addNotice, findSendKeys, type MessagingDeps, writeDialog } from '../messages/index.ts';
import { photoColumns } from '../peers/index.ts';
import type { Users } from '../users/index.ts';

/** A user and one of their contacts. */
export interface ContactPair {
  ownerId: bigint;
  userId: bigint;
}

/** Photos that users set for their contacts, which only they see, or suggest to them. */
export interface ContactPhotos {
  /**
   * Makes a photo for a contact of an uploaded picture or video, and sets it.
   * @throws RpcError CONTACT_MISSING, and as {@link Photos.doCreateProfile}
   */
  doSet(pair: ContactPair, picture: ProfilePicture, origin: Origin): Promise<tl.photo>;
  /** Removes the photo that was set for a contact. @throws RpcError CONTACT_MISSING */
  doRemove(pair: ContactPair, origin: Origin): Promise<void>;
  /**
   * Makes a photo of an uploaded picture or video, and suggests it by a service message, which the session of the call gets pushed as well. The same upload is suggested
   * to the same contact once: a call that is repeated after its answer was lost adds no second message.
   * @throws RpcError CONTACT_MISSING, YOU_BLOCKED_USER, USER_IS_BLOCKED, and as {@link Photos.doCreateProfile} and {@link SendLimits.check}
   */
  doSuggest(pair: ContactPair, picture: ProfilePicture): Promise<tl.photo>;
  /** The photo that a viewer has set for a contact. */
  find(viewerId: bigint, userId: bigint): Promise<tl.photo | undefined>;
}

interface ContactPhotoParts {
  users: Pick<Users, 'findRelation' | 'findRow'>;
  contacts: Pick<Contacts, 'doSetPhoto'>;
  photos: Pick<Photos, 'doCreateProfile' | 'find'>;
}

/** Creates the operations on photos of contacts. */
export function createContactPhotos(deps: Pick<MessagingDeps, 'db' | 'homes' | 'random' | 'sendLimits' | 'writeBoxes' | 'writeFoundBoxes'>, { users, contacts, photos }: ContactPhotoParts): ContactPhotos {
  const { db } = deps;
  const originOf = (ownerId: bigint) => ({ kind: 'kept', ownerId, list: CONTACT_PHOTOS }) as const;

  const checkContact = async ({ ownerId, userId }: ContactPair): Promise<bigint | null> => {
    const { contact } = await users.findRelation(ownerId, userId);
    if (contact === undefined) throw rpcError('CONTACT_MISSING');
    return contact.photo_id;
  };
  const findPhoto = async (ownerId: bigint, id: bigint): Promise<tl.photo> => {
    const [photo] = await photos.find(db, [id], originOf(ownerId));
    if (photo === undefined) throw rpcError('PHOTO_INVALID');
    return photo;
  };

  return {
    async doSet(pair, picture, origin) {
      const current = await checkContact(pair);
      const id = await photos.doCreateProfile(pair.ownerId, picture, current === null ? [] : [current]);
      const [stored] = await photos.find(db, [id], { kind: 'upload' });
      if (id !== current) await contacts.doSetPhoto(pair, photoColumns(stored), origin);
      return findPhoto(pair.ownerId, id);
    },
    async doRemove(pair, origin) {
      if ((await checkContact(pair)) !== null) await contacts.doSetPhoto(pair, photoColumns(undefined), origin);
    },
    async doSuggest({ ownerId, userId }, picture) {
      await checkContact({ ownerId, userId });
      const row = await users.findRow(userId);
      if (row !== undefined) await deps.sendLimits.check(ownerId, { kind: 'user', userId, peerId: userId, isSelf: false, row }, 1);
      const randomId = suggestionKey(userId, checkPicture(picture, await findMadeEmojiIn(db, picture)));
      const findEarlier = async (reader: Pick<Database, 'run'>) => [...(await findSendKeys(reader, [{ owner: ownerId, randomId }])).values()][0];
      const id = photoIdIn((await findEarlier(db))?.message) ?? (await photos.doCreateProfile(ownerId, picture, []));
      const [stored] = await photos.find(db, [id], { kind: 'upload' });
      const photo: tl.photo = { ...stored!, access_hash: 0n, file_reference: new Uint8Array() };
      await writeDialog(deps, { name: 'suggest-photo', refusals: ['YOU_BLOCKED_USER', 'USER_IS_BLOCKED'] }, { ownerId, peerId: userId }, async ({ tx, boxes, date, places }) => {
        if ((await findEarlier(tx)) !== undefined) return;
        const extra = packMessageExtra({ action: { _: 'messageActionSuggestProfilePhoto', photo } });
        boxes.noteSent(randomId, await addNotice({ tx, boxes, date }, deps.random, { authorId: ownerId, places, extra, expires: true, origin: undefined }));
      });
      return stored!;
    },
    async find(viewerId, userId) {
      const id = (await users.findRelation(viewerId, userId)).contact?.photo_id ?? null;
      return id === null ? undefined : (await photos.find(db, [id], originOf(viewerId)))[0];
    },
  };
}

/**
 * The key by which a repeated suggestion is known, because the call carries no random id. It is made of the person whom the photo is suggested to, and of the id that the client has given to the
 * upload, or of the emoji or sticker that is to be drawn. Pure.
 */
function suggestionKey(userId: bigint, { file, markup }: ProfileUpload): bigint {
  const name = file === undefined ? Buffer.from(encode(markup!)).toString('hex') : file._ === 'inputFileStoryDocument' ? 0n : file.id;
  const hash = createHash('sha256').update(`suggest-photo:${userId}:${name}`).digest();
  return BigInt.asUintN(63, hash.readBigUInt64LE()) || 1n;
}

/** The id of the photo that a message suggests. Pure. */
function photoIdIn(message: MessageRow | undefined): bigint | undefined {
  const action = message && unpackMessageExtra(message.extra).action;
  return action?._ === 'messageActionSuggestProfilePhoto' ? action.photo.id : undefined;
}
