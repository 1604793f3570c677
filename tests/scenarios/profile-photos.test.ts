import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, postIn } from './channel-stage.ts';
import { upload } from './file-stage.ts';
import { failsAt, inputPhotoOf, loadAt, loadSizes, makePicture, peerPhotoLocation, setProfilePhoto, sizeLocation, sizesOf } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

/** The photo beside the name of a user, as somebody sees it. */
async function photoOf(device: Device, userId: number): Promise<tl.RawUserProfilePhoto | undefined> {
  const [user] = await device.call({ _: 'users.getUsers', id: [device.inputUser(userId)] });
  return user?._ === 'user' && user.photo?._ === 'userProfilePhoto' ? user.photo : undefined;
}

async function photosOf(device: Device, userId: number, page: { offset?: number; maxId?: Long; limit?: number } = {}): Promise<tl.RawPhoto[]> {
  const { photos } = await device.call({ _: 'photos.getUserPhotos', userId: device.inputUser(userId), offset: 0, maxId: Long.ZERO, limit: 10, ...page });
  return photos as tl.RawPhoto[];
}

const idsOf = (photos: tl.RawPhoto[]): string[] => photos.map(({ id }) => String(id));
const locationOf = (device: Device, userId: number, { id }: tl.RawPhoto, big = true): tl.RawInputPeerPhotoFileLocation => peerPhotoLocation(device.inputPeer(userId), id, big);

/** Hides Alice's photo from everybody. */
const hidePhoto = (alice: Actor): Promise<unknown> =>
  alice.main.change({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });

/** Somebody who may not see a photo finds it nowhere. */
async function seesNone(viewer: Actor, owner: Actor, photo: tl.RawPhoto): Promise<void> {
  expect(await photoOf(viewer.main, owner.id)).toBeUndefined();
  expect(await photosOf(viewer.main, owner.id)).toEqual([]);
  expect((await viewer.main.call({ _: 'users.getFullUser', id: viewer.main.inputUser(owner.id) })).fullUser.profilePhoto).toBeUndefined();
  expect(await failsAt(viewer.main, locationOf(viewer.main, owner.id, photo))).toBe('LOCATION_INVALID');
}

test('a photo stands beside the name for others, small and big, and in the list of photos', async () => {
  const [alice, bob] = await pair();
  const other = await alice.device();
  let photo: tl.RawPhoto;
  await verifyUpdates([alice, bob], async () => {
    photo = await setProfilePhoto(alice.main);
    await other.seesUpdate('updateUser', ({ userId }) => userId === alice.id);
    await bob.main.seesUpdate('updateUser', ({ userId }) => userId === alice.id);
  });
  expect(sizesOf(photo!)).toEqual(['a 160x160', 'b 320x320', 'c 600x600']);
  const seen = await photoOf(bob.main, alice.id);
  expect(seen).toMatchObject({ photoId: photo!.id, dcId: photo!.dcId });
  expect(seen!.strippedThumb).toBeDefined();
  const [small, big] = [await loadAt(bob.main, locationOf(bob.main, alice.id, photo!, false)), await loadAt(bob.main, locationOf(bob.main, alice.id, photo!))];
  expect(await sharp(small).metadata()).toMatchObject({ format: 'jpeg', width: 160, height: 160 });
  expect(await sharp(big).metadata()).toMatchObject({ format: 'jpeg', width: 600, height: 600 });
  const [listed] = await photosOf(bob.main, alice.id);
  expect(await loadSizes(bob.main, listed!)).toEqual(['a 160x160', 'b 320x320', 'c 600x600']);
  expect((await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) })).fullUser.profilePhoto).toMatchObject({ id: photo!.id });
});

test('the newest photo is shown; an earlier one can be chosen again, and photos are deleted', async () => {
  const [alice, bob] = await pair();
  const [first, second] = [await setProfilePhoto(alice.main), await setProfilePhoto(alice.main, 700, 700)];
  expect(idsOf(await photosOf(bob.main, alice.id))).toEqual(idsOf([second, first]));
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'photos.updateProfilePhoto', id: inputPhotoOf(first) });
  });
  expect((await photoOf(bob.main, alice.id))!.photoId).toEqual(first.id);
  await verifyUpdates([alice, bob], async () => {
    expect(await alice.main.change({ _: 'photos.deletePhotos', id: [inputPhotoOf(first)] })).toEqual([first.id]);
  });
  expect((await photoOf(bob.main, alice.id))!.photoId).toEqual(second.id);
  expect(await failsAt(bob.main, locationOf(bob.main, alice.id, first))).toBe('LOCATION_INVALID');
  await alice.main.change({ _: 'photos.updateProfilePhoto', id: { _: 'inputPhotoEmpty' } });
  expect(await photoOf(bob.main, alice.id)).toBeUndefined();
  expect(await photosOf(bob.main, alice.id)).toEqual([]);
});

test('the list has pages, and gives a photo a new file reference', async () => {
  const [alice, bob] = await pair();
  const photos = [await setProfilePhoto(alice.main, 400, 401), await setProfilePhoto(alice.main, 400, 402), await setProfilePhoto(alice.main, 400, 403)].toReversed();
  const [newest, middle, oldest] = idsOf(photos);
  expect(idsOf(await photosOf(bob.main, alice.id, { offset: 1, limit: 1 }))).toEqual([middle]);
  expect(idsOf(await photosOf(bob.main, alice.id, { maxId: photos[0]!.id }))).toEqual([middle, oldest]);
  expect(idsOf(await photosOf(bob.main, alice.id, { maxId: photos[1]!.id, offset: -1, limit: 1 }))).toEqual([middle]);
  expect(idsOf(await photosOf(bob.main, alice.id, { offset: -5, limit: 1 }))).toEqual([newest]);
  expect(await photosOf(bob.main, alice.id, { maxId: Long.ONE })).toEqual([]);
  expect(await bob.main.call({ _: 'photos.getUserPhotos', userId: bob.main.inputUser(alice.id), offset: 0, maxId: Long.ZERO, limit: 2 })).toMatchObject({ _: 'photos.photosSlice', count: 3 });
  // A client that sends 0 leaves the number to the server.
  expect(idsOf(await photosOf(bob.main, alice.id, { limit: 0 }))).toEqual(idsOf(await photosOf(bob.main, alice.id)));
});

describe('who may not see the photo sees and loads none', () => {
  test('by the rules of its owner', async () => {
    const [alice, bob] = await pair();
    const photo = await setProfilePhoto(alice.main);
    const [listed] = await photosOf(bob.main, alice.id);
    await hidePhoto(alice);
    await seesNone(bob, alice, photo);
    expect(await failsAt(bob.main, sizeLocation(listed!, 'a'))).toBe('FILE_REFERENCE_EXPIRED');
    expect(await photoOf(alice.main, alice.id)).toBeDefined();
  });

  test('because its owner has blocked the viewer', async () => {
    const [alice, bob] = await pair();
    const photo = await setProfilePhoto(alice.main);
    await alice.main.change({ _: 'contacts.block', id: alice.main.inputPeer(bob.id) });
    await seesNone(bob, alice, photo);
  });
});

test('the photo of somebody who is known only from a post loads by that post', async () => {
  const { id, bob, carol } = await channelStage(scenario);
  const photo = await setProfilePhoto(bob.main);
  const msgId = await postIn(bob, id, 'look at me');
  const peer = (sent: number): tl.RawInputPeerUserFromMessage => ({ _: 'inputPeerUserFromMessage', peer: carol.main.inputPeer(id), msgId: sent, userId: bob.id });
  expect((await loadAt(carol.main, peerPhotoLocation(peer(msgId), photo.id, false))).length).toBeGreaterThan(100);
  expect(await failsAt(carol.main, peerPhotoLocation(peer(999_999), photo.id, false))).toBe('MSG_ID_INVALID');
});

test('a call that is repeated after its answer was lost adds no second photo', async () => {
  const [alice, bob] = await pair();
  const request: tl.RpcMethod = { _: 'photos.uploadProfilePhoto', file: await upload(alice.main, { bytes: await makePicture(400, 400), name: 'me.jpg' }) };
  await alice.main.change(request);
  await alice.main.change(request);
  expect(await photosOf(bob.main, alice.id)).toHaveLength(1);
});

test('nobody uses or deletes the photos of others, or uses a photo with a wrong access hash', async () => {
  const [alice, bob] = await pair();
  const photo = await setProfilePhoto(alice.main);
  const [seen] = await photosOf(bob.main, alice.id);
  const wrong = { ...inputPhotoOf(photo), accessHash: photo.accessHash.add(16) };
  expect((await bob.main.fails({ _: 'photos.updateProfilePhoto', id: inputPhotoOf(seen!) })).text).toBe('PHOTO_ID_INVALID');
  expect(await bob.main.call({ _: 'photos.deletePhotos', id: [inputPhotoOf(seen!)] })).toEqual([]);
  expect((await alice.main.fails({ _: 'photos.updateProfilePhoto', id: wrong })).text).toBe('PHOTO_ID_INVALID');
  expect(await alice.main.call({ _: 'photos.deletePhotos', id: [{ _: 'inputPhotoEmpty' }] })).toEqual([]);
  expect(await failsAt(bob.main, locationOf(bob.main, bob.id, photo))).toBe('LOCATION_INVALID');
  expect(await failsAt(bob.main, peerPhotoLocation({ _: 'inputPeerUser', userId: alice.id, accessHash: Long.ONE }, photo.id, true))).toBe('PEER_ID_INVALID');
  expect(await photosOf(bob.main, alice.id)).toHaveLength(1);
});

test('a report names a photo that is shown', async () => {
  const [alice, bob] = await pair();
  const photo = await setProfilePhoto(alice.main);
  const [seen] = await photosOf(bob.main, alice.id);
  const report = (photoId: tl.TypeInputPhoto): tl.RpcMethod => ({ _: 'account.reportProfilePhoto', peer: bob.main.inputPeer(alice.id), photoId, reason: { _: 'inputReportReasonSpam' }, message: '' });
  expect(await bob.main.call(report(inputPhotoOf(seen!)))).toBe(true);
  await alice.main.call({ _: 'photos.deletePhotos', id: [inputPhotoOf(photo)] });
  expect((await bob.main.fails(report(inputPhotoOf(seen!)))).text).toBe('PHOTO_INVALID');
});

test('a report names the photo for those who may not see the others, if it is the one that is shown', async () => {
  const [alice, bob] = await pair();
  const hidden = await setProfilePhoto(alice.main);
  await setProfilePhoto(alice.main, 500, 500, true);
  await alice.main.call({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
  const { fullUser } = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
  const report = (photo: tl.TypePhoto): tl.RpcMethod =>
    ({ _: 'account.reportProfilePhoto', peer: bob.main.inputPeer(alice.id), photoId: inputPhotoOf(photo as tl.RawPhoto), reason: { _: 'inputReportReasonPornography' }, message: '' });
  expect(await bob.main.call(report(fullUser.fallbackPhoto!))).toBe(true);
  expect((await bob.main.fails(report(hidden))).text).toBe('PHOTO_INVALID');
});

describe('the photo for those who may not see the others', () => {
  const fullOf = async (device: Device, userId: number): Promise<tl.RawUserFull> => (await device.call({ _: 'users.getFullUser', id: device.inputUser(userId) })).fullUser;

  test('is shown in their place, and nobody else sees it beside the name', async () => {
    const [alice, bob] = await pair();
    const carol = await scenario.world.user('Carol');
    await carol.meet(alice);
    await alice.meet(carol);
    const main = await setProfilePhoto(alice.main);
    let fallback: tl.RawPhoto;
    await verifyUpdates([alice, bob], async () => {
      fallback = await setProfilePhoto(alice.main, 500, 400, true);
    });
    const rules: tl.TypeInputPrivacyRule[] = [{ _: 'inputPrivacyValueDisallowUsers', users: [alice.main.inputUser(bob.id)] }, { _: 'inputPrivacyValueAllowAll' }];
    await alice.main.change({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyProfilePhoto' }, rules });

    expect((await photoOf(bob.main, alice.id))!.photoId).toEqual(fallback!.id);
    const seen = await fullOf(bob.main, alice.id);
    expect(seen).toMatchObject({ profilePhoto: undefined, fallbackPhoto: { id: fallback!.id } });
    expect(await loadSizes(bob.main, seen.fallbackPhoto as tl.RawPhoto)).toEqual(['a 160x160', 'b 320x320', 'c 400x400']);
    expect((await loadAt(bob.main, locationOf(bob.main, alice.id, fallback!))).length).toBeGreaterThan(100);
    expect(await failsAt(bob.main, locationOf(bob.main, alice.id, main))).toBe('LOCATION_INVALID');
    expect(await photosOf(bob.main, alice.id)).toEqual([]);

    expect((await photoOf(carol.main, alice.id))!.photoId).toEqual(main.id);
    expect(await fullOf(carol.main, alice.id)).toMatchObject({ profilePhoto: { id: main.id }, fallbackPhoto: undefined });
    expect(idsOf(await photosOf(carol.main, alice.id))).toEqual(idsOf([main]));
    expect(await fullOf(alice.main, alice.id)).toMatchObject({ profilePhoto: { id: main.id }, fallbackPhoto: { id: fallback!.id } });

    await alice.main.change({ _: 'contacts.block', id: alice.main.inputPeer(bob.id) });
    expect(await photoOf(bob.main, alice.id)).toBeUndefined();
    expect((await fullOf(bob.main, alice.id)).fallbackPhoto).toBeUndefined();
    expect(await failsAt(bob.main, locationOf(bob.main, alice.id, fallback!))).toBe('LOCATION_INVALID');
  });

  test('can be one of the profile, is replaced and deleted', async () => {
    const [alice, bob] = await pair();
    const [first, main] = [await setProfilePhoto(alice.main), await setProfilePhoto(alice.main, 600, 600)];
    await hidePhoto(alice);
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'photos.updateProfilePhoto', fallback: true, id: inputPhotoOf(first) });
    });
    expect((await photoOf(bob.main, alice.id))!.photoId).toEqual(first.id);
    expect((await photoOf(alice.main, alice.id))!.photoId).toEqual(main.id);
    // Deleting it from the profile leaves it as the fallback photo.
    await alice.main.change({ _: 'photos.deletePhotos', id: [inputPhotoOf(first)] });
    expect((await loadAt(bob.main, locationOf(bob.main, alice.id, first))).length).toBeGreaterThan(100);
    const second = await setProfilePhoto(alice.main, 500, 500, true);
    expect((await photoOf(bob.main, alice.id))!.photoId).toEqual(second.id);
    expect(await failsAt(bob.main, locationOf(bob.main, alice.id, first))).toBe('LOCATION_INVALID');
    expect((await alice.main.fails({ _: 'photos.updateProfilePhoto', fallback: true, id: inputPhotoOf(first) })).text).toBe('PHOTO_ID_INVALID');
    await alice.main.change({ _: 'photos.updateProfilePhoto', fallback: true, id: { _: 'inputPhotoEmpty' } });
    expect(await photoOf(bob.main, alice.id)).toBeUndefined();
    expect((await photoOf(alice.main, alice.id))!.photoId).toEqual(main.id);
  });
});
