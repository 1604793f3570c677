import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkMessageFiles, upload } from './file-stage.ts';
import { failsAt, inputPhotoOf, loadAt, loadSizes, makePicture, peerPhotoLocation, setProfilePhoto, sizeLocation } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const SUGGESTED = 'action:messageActionSuggestProfilePhoto';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Two people, of whom the first has the second in the contacts. */
async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  await alice.main.change({ _: 'contacts.addContact', id: alice.main.inputUser(bob.id), firstName: 'Bobby', lastName: '', phone: '' });
  return [alice, bob];
}

const seenBy = async (device: Device, userId: number): Promise<tl.RawUserFull> => (await device.call({ _: 'users.getFullUser', id: device.inputUser(userId) })).fullUser;

async function photoOf(device: Device, userId: number): Promise<tl.RawUserProfilePhoto | undefined> {
  const [user] = await device.call({ _: 'users.getUsers', id: [device.inputUser(userId)] });
  return user?._ === 'user' && user.photo?._ === 'userProfilePhoto' ? user.photo : undefined;
}

async function request(device: Device, userId: number, flags: Partial<tl.photos.RawUploadContactProfilePhotoRequest>): Promise<tl.RpcMethod> {
  return { _: 'photos.uploadContactProfilePhoto', userId: device.inputUser(userId), file: await upload(device, { bytes: await makePicture(400, 300), name: 'you.jpg' }), ...flags };
}

test('a photo that somebody sets for a contact is shown to them alone, until it is removed or the contact is deleted', async () => {
  const [alice, bob] = await pair();
  const own = await setProfilePhoto(bob.main);
  let photo: tl.RawPhoto;
  await verifyUpdates([alice, bob], async () => {
    ({ photo } = (await alice.main.change(await request(alice.main, bob.id, { save: true }))) as unknown as { photo: tl.RawPhoto });
  });
  expect(await photoOf(alice.main, bob.id)).toMatchObject({ personal: true, photoId: photo!.id });
  expect(await seenBy(alice.main, bob.id)).toMatchObject({ personalPhoto: { id: photo!.id }, profilePhoto: { id: own.id } });
  expect(await loadSizes(alice.main, (await seenBy(alice.main, bob.id)).personalPhoto as tl.RawPhoto)).toEqual(['a 160x160', 'c 300x300']);
  expect((await loadAt(alice.main, peerPhotoLocation(alice.main.inputPeer(bob.id), photo!.id, true))).length).toBeGreaterThan(100);
  expect((await photoOf(bob.main, bob.id))!.photoId).toEqual(own.id);
  expect(await failsAt(bob.main, peerPhotoLocation({ _: 'inputPeerSelf' }, photo!.id, true))).toBe('LOCATION_INVALID');
  expect(await failsAt(bob.main, sizeLocation(photo!, 'a'))).toBe('FILE_REFERENCE_EXPIRED');

  await verifyUpdates([alice, bob], async () => {
    await alice.main.change(await request(alice.main, bob.id, { save: true, file: undefined }));
  });
  expect((await photoOf(alice.main, bob.id))!.photoId).toEqual(own.id);
  const next = ((await alice.main.change(await request(alice.main, bob.id, { save: true }))) as unknown as { photo: tl.RawPhoto }).photo;
  await alice.main.change({ _: 'contacts.deleteContacts', id: [alice.main.inputUser(bob.id)] });
  expect((await photoOf(alice.main, bob.id))!.photoId).toEqual(own.id);
  expect(await failsAt(alice.main, peerPhotoLocation(alice.main.inputPeer(bob.id), next.id, true))).toBe('LOCATION_INVALID');
  expect(await scenario.server.db.q.selectFrom('kept_documents').select('document_id').where('owner_id', '=', BigInt(alice.id)).execute()).toEqual([]);
});

test('a suggested photo comes as a service message, and can be taken for the own profile', async () => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change(await request(alice.main, bob.id, { suggest: true }));
    for (const { main } of [alice, bob]) await main.sees(SUGGESTED);
  });
  const { id } = await bob.sees(SUGGESTED);
  const { messages } = (await bob.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] })) as tl.messages.RawMessages;
  const { photo } = (messages[0] as tl.RawMessageService).action as tl.RawMessageActionSuggestProfilePhoto;
  expect(await loadSizes(bob.main, photo as tl.RawPhoto)).toEqual(['a 160x160', 'c 300x300']);
  await checkMessageFiles(scenario.server.db);
  await verifyUpdates([alice, bob], async () => {
    await bob.main.change({ _: 'photos.updateProfilePhoto', id: inputPhotoOf(photo as tl.RawPhoto) });
  });
  expect((await photoOf(alice.main, bob.id))!.photoId).toEqual((photo as tl.RawPhoto).id);
});

test('only contacts are given photos, and the call must say what it is about', async () => {
  const [alice, bob] = await pair();
  const carol = await scenario.world.user('Carol');
  await alice.meet(carol);
  await alice.main.change({ _: 'contacts.deleteContacts', id: [alice.main.inputUser(carol.id)] });
  const failing = async (userId: number, flags: Partial<tl.photos.RawUploadContactProfilePhotoRequest>): Promise<string> => (await alice.main.fails(await request(alice.main, userId, flags))).text;
  expect(await failing(carol.id, { save: true })).toBe('CONTACT_MISSING');
  expect(await failing(carol.id, { suggest: true })).toBe('CONTACT_MISSING');
  expect(await failing(bob.id, {})).toBe('NEED_ACTION_MISSING');
  expect(await failing(bob.id, { suggest: true, file: undefined })).toBe('PHOTO_FILE_MISSING');
  expect(await failing(alice.id, { save: true })).toBe('USER_ID_INVALID');
  await alice.main.change({ _: 'contacts.block', id: alice.main.inputPeer(bob.id) });
  expect(await failing(bob.id, { suggest: true })).toBe('YOU_BLOCKED_USER');
});
