import type { tl } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { errorOf, uploadedPhotos, type World } from './accounts-world.ts';
import { ownProfile } from './file-stage.ts';
import { createTwoHomes, type TwoHomes } from './two-homes-world.ts';

const PICTURE = Buffer.alloc(1000, 7);

let fileId = 1n;

async function setPhoto(world: World, userId: bigint, bytes: Uint8Array): Promise<tl.photo> {
  const id = fileId++;
  await world.domain.files.doSavePart({ userId, fileId: id, part: 0, totalParts: undefined }, bytes);
  return world.domain.profilePhotos.doUpload(ownProfile(userId), { file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' } });
}

/** Anna, at the first home, has the card of Ben, at the second one. */
async function annaKnowsBen(homes: TwoHomes) {
  const anna = (await homes.one.signUp('9996611101', 'Anna')).userId;
  const ben = (await homes.two.signUp('9996621102', 'Ben')).userId;
  await homes.one.domain.cards.fetch({ id: anna, bot: false }, [{ id: ben, name: '9996621102' }], 'phone');
  return { anna, ben };
}

/** The frames arrive, and the jobs that follow them run. */
async function settle(homes: TwoHomes): Promise<void> {
  await homes.carry();
  await homes.one.runJobs();
}

async function photoIdOf({ domain }: World, viewerId: bigint, personId: bigint): Promise<bigint | undefined> {
  const [user] = (await domain.users.projectUsers(viewerId, [personId])) as tl.user[];
  return user?.photo?._ === 'userProfilePhoto' ? user.photo.photo_id : undefined;
}

async function download({ domain }: World, viewerId: bigint, personId: bigint, photoId: bigint): Promise<Uint8Array> {
  const peer = { _: 'inputPeerUser', user_id: personId, access_hash: domain.accessHashes.of('user', viewerId, personId) } as const;
  const opened = await domain.files.accessLocation(viewerId, { _: 'inputPeerPhotoFileLocation', big: true, peer, photo_id: photoId });
  return opened.read(0, 100_000);
}

test('the photo of somebody elsewhere is copied, and follows changes', async () => {
  await using homes = await createTwoHomes({ photos: uploadedPhotos });
  const { anna, ben } = await annaKnowsBen(homes);
  const source = await setPhoto(homes.two, ben, PICTURE);
  await settle(homes);
  const first = await photoIdOf(homes.one, anna, ben);
  expect(first).toBeDefined();
  expect(first).not.toBe(source.id);
  expect(Buffer.from(await download(homes.one, anna, ben, first!))).toEqual(PICTURE);
  const { photos, count } = await homes.one.domain.profilePhotos.list(anna, ben, { offset: 0, maxId: 0n, limit: 10 });
  expect([photos.map(({ id }) => id), count]).toEqual([[first], 1]);

  await setPhoto(homes.two, ben, Buffer.alloc(1000, 8));
  await settle(homes);
  const second = await photoIdOf(homes.one, anna, ben);
  expect(second).not.toBe(first);
  expect(await errorOf(download(homes.one, anna, ben, first!))).toBe('LOCATION_INVALID');
  expect(Buffer.from(await download(homes.one, anna, ben, second!))).toEqual(Buffer.alloc(1000, 8));
});

test('a photo that is hidden does not travel, and a blocked viewer does not see the copy', async () => {
  await using homes = await createTwoHomes({ photos: uploadedPhotos });
  const { anna, ben } = await annaKnowsBen(homes);
  const carl = (await homes.one.signUp('9996611103', 'Carl')).userId;
  await homes.one.domain.cards.fetch({ id: carl, bot: false }, [{ id: ben, name: '9996621102' }], 'phone');
  await homes.two.domain.privacy.doSetRules(ben, 'ProfilePhoto', [{ kind: 'DisallowAll', ids: [] }], undefined);
  await setPhoto(homes.two, ben, PICTURE);
  await settle(homes);
  expect(await homes.one.db.q.selectFrom('documents').selectAll().execute()).toEqual([]);

  await homes.two.domain.privacy.doSetRules(ben, 'ProfilePhoto', [{ kind: 'AllowAll', ids: [] }], undefined);
  await settle(homes);
  const copy = await photoIdOf(homes.one, anna, ben);
  expect(copy).toBeDefined();
  await homes.one.domain.cards.introduce(anna, ben);
  await homes.carry();
  await homes.two.domain.blocks.doBlock(ben, anna, { storiesOnly: false, blocked: true }, undefined);
  await settle(homes);
  expect(await photoIdOf(homes.one, anna, ben)).toBeUndefined();
  expect(await errorOf(download(homes.one, anna, ben, copy!))).toBe('LOCATION_INVALID');
  expect(await photoIdOf(homes.one, carl, ben)).toBe(copy);

  // With the last reader who may see it, the copy goes.
  await homes.two.domain.privacy.doSetRules(ben, 'ProfilePhoto', [{ kind: 'DisallowAll', ids: [] }], undefined);
  await settle(homes);
  expect(await photoIdOf(homes.one, carl, ben)).toBeUndefined();
  expect(await homes.one.db.q.selectFrom('kept_documents').selectAll().execute()).toEqual([]);
});

test('while the home of the person is away, the job that copies the photo fails, to be run again', async () => {
  await using homes = await createTwoHomes({ photos: uploadedPhotos });
  const { anna, ben } = await annaKnowsBen(homes);
  await setPhoto(homes.two, ben, PICTURE);
  await homes.carry();
  homes.setCut(true);
  await expect(homes.one.runJobs()).rejects.toThrow('data centre 2 cannot be reached');
  expect(await photoIdOf(homes.one, anna, ben)).toBeUndefined();
  homes.setCut(false);
  await homes.one.runJobs();
  expect(await photoIdOf(homes.one, anna, ben)).toBeDefined();
});
