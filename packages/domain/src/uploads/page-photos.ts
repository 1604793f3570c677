import { newPresentedId } from '@aerogram/cluster';
import type { PhotoUse } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobWrites, checkNotBlocked, createBlobWrites, insertBlob, isDeleted, lockBlob, type NewContent, prepareContent } from '../blobs/index.ts';
import { insertDocument, lockPhotoOfContent, projectSizes, type StoredPhoto } from '../documents/index.ts';
import { createContentGate } from './content-gate.ts';
import { keepUnsent } from './unsent-store.ts';

/** The uploader of photos that no user has uploaded. They count for nobody's limit of files, and together have one turn at the hook. */
const NOBODY = 0n;
/** The largest size of photos is left out: clients show the photo of a page small beside the text, or as wide as the chat. */
const LEFT_OUT = 'w';

/** Photos made of pictures that this server has fetched: for link previews, or from other data centres. */
export interface PagePhotos {
  /**
   * Makes a photo of a picture. Until something refers to it, the collection deletes it after the time for which files without references are kept. The same picture gives the
   * same photo, so that a page which is fetched again shows the photo that clients have already.
   * @param readerId who has made the server fetch the picture, and pays for the CPU time that it takes
   * @returns undefined if there can be none: it is no picture, an operator has deleted or blocked it, too many pictures wait, or the disk is nearly full
   * @throws RpcError if the hook does not accept it
   */
  doCreate(picture: Uint8Array, readerId: bigint): Promise<tl.photo | undefined>;
  /** The same for the photo of the profile of somebody whose home is another data centre, which pays for the CPU time. Throws as {@link PagePhotos.doCreate}. */
  doCreateOfPerson(picture: Uint8Array, personId: bigint): Promise<tl.photo | undefined>;
}

type Deps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'log' | 'metrics' | 'config' | 'fileStorage' | 'fileHook' | 'photos'>;

/** Creates the photos. */
export function createPagePhotos(deps: Deps): PagePhotos {
  const { db, clock, random, config, fileStorage } = deps;
  const gate = createContentGate(deps);
  const writes: BlobWrites = createBlobWrites(deps);

  /** The photo that was made of the same picture before. */
  const findKnown = (identity: Uint8Array): Promise<tl.photo | undefined> =>
    db.transact('find-page-photo', async (tx) => {
      const known = await lockPhotoOfContent(tx, identity, NOBODY);
      if (known !== undefined) await keepUnsent(tx, known.id);
      return known;
    });

  /** Adds the row of a photo. @param added its content, if the bytes are in the store @returns undefined if there is no such blob */
  const addPhoto = (sizes: tl.PhotoSize[], { identity }: NewContent, added: NewContent | undefined): Promise<StoredPhoto | undefined> =>
    db.transact('create-page-photo', async (tx) => {
      await checkNotBlocked(tx, identity);
      const [date, dcId] = [clock.now(), config.homeDcId];
      const blob = (await lockBlob(tx, identity)) ?? (added && (await insertBlob(tx, { ...added, sha256: null, dcId }, date)));
      if (blob === undefined) return undefined;
      const id = newPresentedId(random, dcId);
      const photo: tl.photo = { _: 'photo', id, access_hash: 0n, file_reference: new Uint8Array(), date, sizes, dc_id: dcId };
      const stored = { id, uploaderId: NOBODY, photo, blob };
      await insertDocument(tx, stored, date);
      return stored;
    });

  const store = async (sizes: tl.PhotoSize[], content: NewContent): Promise<tl.photo | undefined> => {
    await checkNotBlocked(db, content.identity);
    // An upload brings content back that an operator has deleted. A page that is fetched again must not.
    if (await isDeleted(db, content.identity)) return undefined;
    await writes.replaceLostBytes(content);
    const known = await findKnown(content.identity);
    return known ?? ((await addPhoto(sizes, content, undefined)) ?? (await writes.store(content, () => addPhoto(sizes, content, content))))?.photo;
  };

  const create = async (picture: Uint8Array, payerId: bigint, use: PhotoUse): Promise<tl.photo | undefined> => {
    if (deps.photos === undefined || fileStorage.refusal?.() !== undefined) return undefined;
    await gate.checkBytes(NOBODY, picture);
    const result = await deps.photos.make(payerId, use, (length) => Promise.resolve(picture.subarray(0, length)));
    if (result.outcome !== 'made') return undefined;
    const sizes = result.photo.sizes.filter(({ type }) => type !== LEFT_OUT);
    const content = prepareContent(deps, Buffer.concat(sizes.map(({ bytes }) => bytes)));
    return store(projectSizes({ ...result.photo, sizes }), content);
  };

  return {
    doCreate: (picture, readerId) => create(picture, readerId, 'message'),
    doCreateOfPerson: (picture, personId) => create(picture, personId, 'profile'),
  };
}
