import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, inviteTo } from './channel-stage.ts';
import { checkMessageFiles, makeFile, upload } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { checkInvite, enter, exportInvite, revokeInvite } from './invite-stage.ts';
import { failsAt, inputPhotoOf, loadAt, loadSizes, makePicture, peerPhotoLocation, setProfilePhoto, sizeLocation, sizesOf, uploadedPhoto } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

const EDITED = 'action:messageActionChatEditPhoto';
const DELETED = 'action:messageActionChatDeletePhoto';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A group or channel of any kind, with Alice as its creator and Bob as a member. */
interface Place {
  /** Marked. */
  id: number;
  alice: Actor;
  bob: Actor;
}

const KINDS = ['basic group', 'megagroup', 'broadcast'] as const;

async function createPlace(kind: (typeof KINDS)[number]): Promise<Place> {
  if (kind !== 'basic group') return channelStage(scenario, kind);
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  return { id: -(await createGroup(alice, [bob])).id, alice, bob };
}

const isChannel = (id: number): boolean => id < -1_000_000_000_000;

/** The call that sets or removes the photo of a place. */
function edit(device: Device, id: number, photo: tl.TypeInputChatPhoto): tl.RpcMethod {
  return isChannel(id) ? { _: 'channels.editPhoto', channel: device.inputChannel(id), photo } : { _: 'messages.editChatPhoto', chatId: -id, photo };
}

async function uploadedBy(device: Device, width = 700, height = 500): Promise<tl.RawInputChatUploadedPhoto> {
  return { _: 'inputChatUploadedPhoto', file: await upload(device, { bytes: await makePicture(width, height), name: 'group.jpg' }) };
}

/** What a device sees beside the title. */
async function photoOf(device: Device, id: number): Promise<tl.TypeChatPhoto | undefined> {
  const { chats } = isChannel(id) ? await device.call({ _: 'channels.getChannels', id: [device.inputChannel(id)] }) : await device.call({ _: 'messages.getChats', id: [-id] });
  return 'photo' in chats[0]! ? chats[0].photo : undefined;
}

/** Sets a photo. @returns it as the service message shows it to the device */
async function setPhoto(device: Device, id: number, photo?: tl.TypeInputChatPhoto): Promise<tl.RawPhoto> {
  const { updates } = (await device.change(edit(device, id, photo ?? (await uploadedBy(device))))) as tl.RawUpdates;
  return photoIn(updates);
}

function photoIn(updates: tl.TypeUpdate[]): tl.RawPhoto {
  for (const update of updates) {
    if ((update._ !== 'updateNewMessage' && update._ !== 'updateNewChannelMessage') || update.message._ !== 'messageService') continue;
    const { action } = update.message;
    if (action._ === 'messageActionChatEditPhoto' && action.photo._ === 'photo') return action.photo;
  }
  throw new Error('no service message about a photo');
}

/** The photo in the full information. */
async function fullPhotoOf(device: Device, id: number): Promise<tl.TypePhoto | undefined> {
  const { fullChat } = isChannel(id) ? await device.call({ _: 'channels.getFullChannel', channel: device.inputChannel(id) }) : await device.call({ _: 'messages.getFullChat', chatId: -id });
  return fullChat.chatPhoto;
}

describe.each(KINDS)('the photo of a %s', (kind) => {
  test('stands beside its title, and a service message shows it; then it is deleted', async () => {
    const { id, alice, bob } = await createPlace(kind);
    let photo: tl.RawPhoto;
    await verifyUpdates([alice, bob], async () => {
      photo = await setPhoto(alice.main, id);
      await bob.sees(EDITED);
    });
    expect(sizesOf(photo!)).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
    expect(await loadSizes(alice.main, photo!)).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
    const seen = await photoOf(bob.main, id);
    expect(seen).toMatchObject({ _: 'chatPhoto', photoId: photo!.id, dcId: photo!.dcId });
    const peer = bob.main.inputPeer(id);
    expect(await sharp(await loadAt(bob.main, peerPhotoLocation(peer, photo!.id, false))).metadata()).toMatchObject({ format: 'jpeg', width: 160, height: 160 });
    expect(await sharp(await loadAt(bob.main, peerPhotoLocation(peer, photo!.id, true))).metadata()).toMatchObject({ format: 'jpeg', width: 500, height: 500 });
    const full = await fullPhotoOf(bob.main, id);
    expect(await loadSizes(bob.main, full as tl.RawPhoto)).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
    const { messages } = (await bob.main.call({ _: 'messages.search', peer, q: '', filter: { _: 'inputMessagesFilterChatPhotos' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 5, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
    expect(messages).toMatchObject([{ action: { photo: { id: photo!.id } } }]);

    await verifyUpdates([alice, bob], async () => {
      await alice.main.change(edit(alice.main, id, { _: 'inputChatPhotoEmpty' }));
      await bob.sees(DELETED);
    });
    expect(await photoOf(bob.main, id)).toMatchObject({ _: 'chatPhotoEmpty' });
    expect(await failsAt(bob.main, peerPhotoLocation(peer, photo!.id, false))).toBe('LOCATION_INVALID');
    expect((await fullPhotoOf(bob.main, id))?._ ?? 'photoEmpty').toBe('photoEmpty');
    // The service message still shows it.
    expect(await loadSizes(alice.main, photo!)).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
    expect((await alice.main.fails(edit(alice.main, id, { _: 'inputChatPhotoEmpty' }))).text).toBe('CHAT_NOT_MODIFIED');
    await checkMessageFiles(scenario.server.db);
  });

  test('is set by those only who may change the info', async () => {
    const { id, alice, bob } = await createPlace(kind);
    if (kind === 'megagroup') await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', changeInfo: true, untilDate: 0 } });
    if (kind === 'basic group') await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', changeInfo: true, untilDate: 0 } });
    expect((await bob.main.fails(edit(bob.main, id, await uploadedBy(bob.main)))).text).toBe('CHAT_ADMIN_REQUIRED');
    expect((await bob.main.fails(edit(bob.main, id, { _: 'inputChatPhotoEmpty' }))).text).toBe('CHAT_ADMIN_REQUIRED');
    expect(await photoOf(alice.main, id)).toMatchObject({ _: 'chatPhotoEmpty' });
  });

  test('can be a photo of the own profile, and nothing else that was not made for it', async () => {
    const { id, alice, bob } = await createPlace(kind);
    const [own, other] = [await setProfilePhoto(alice.main), await setProfilePhoto(bob.main)];
    expect((await setPhoto(alice.main, id, { _: 'inputChatPhoto', id: inputPhotoOf(own) })).id).toEqual(own.id);
    const { media } = (await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: await uploadedPhoto(alice.main, await makePicture(800, 600)) }).then((answer) => ({ media: answer }))) as { media: tl.RawMessageMediaPhoto };
    const error = async (photo: tl.TypeInputChatPhoto): Promise<string> => (await alice.main.fails(edit(alice.main, id, photo))).text;
    expect(await error({ _: 'inputChatPhoto', id: inputPhotoOf(media.photo as tl.RawPhoto) })).toBe('PHOTO_INVALID');
    expect(await error({ _: 'inputChatPhoto', id: { ...inputPhotoOf(own), accessHash: own.accessHash.add(16) } })).toBe('PHOTO_INVALID');
    expect(await error({ _: 'inputChatPhoto', id: { _: 'inputPhotoEmpty' } })).toBe('PHOTO_INVALID');
    expect(await error({ _: 'inputChatPhoto', id: { ...inputPhotoOf(other), fileReference: inputPhotoOf(own).fileReference } })).toBe('FILE_REFERENCE_INVALID');
    expect(await error({ _: 'inputChatUploadedPhoto' })).toBe('PHOTO_INVALID');
    expect(await error({ _: 'inputChatUploadedPhoto', video: await upload(alice.main, makeFile(1000)) })).toBe('PHOTO_INVALID');
    expect(await error({ _: 'inputChatUploadedPhoto', file: await upload(alice.main, makeFile(1000)) })).toBe('PHOTO_EXT_INVALID');
    expect(await error(await uploadedBy(alice.main, 159, 400))).toBe('PHOTO_CROP_SIZE_SMALL');
  });

  test('is set once, if the call is repeated after its answer was lost', async () => {
    const { id, alice, bob } = await createPlace(kind);
    const photo = await uploadedBy(alice.main);
    const set = await setPhoto(alice.main, id, photo);
    expect((await alice.main.fails(edit(alice.main, id, photo))).text).toBe('CHAT_NOT_MODIFIED');
    expect(await photoOf(bob.main, id)).toMatchObject({ photoId: set.id });
  });

  test('is shown by an invite link to those who have it, while it is valid, and they can only look at it', async () => {
    const { id, alice } = await createPlace(kind);
    const [dave, erin] = (await people(scenario, 'Dave', 'Erin')) as [Actor, Actor];
    const { link } = await exportInvite(alice, id, kind === 'megagroup' ? { requestNeeded: true } : {});
    const look = async (): Promise<tl.TypePhoto> => ((await checkInvite(dave, link)) as tl.RawChatInvite).photo;
    expect(await look()).toEqual({ _: 'photoEmpty', id: Long.ZERO });
    const set = await setPhoto(alice.main, id);
    const photo = (await look()) as tl.RawPhoto;
    expect(photo.id).toEqual(set.id);
    expect(await loadSizes(dave.main, photo)).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
    const send: tl.RpcMethod = { _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaPhoto', id: inputPhotoOf(photo) }, message: '', randomId: Long.ONE };
    expect((await dave.main.fails(send)).text).toBe('CHAT_FORWARDS_RESTRICTED');
    // Whoever has the reference of a member has no link, and may not load the photo.
    expect(await failsAt(erin.main, sizeLocation((await fullPhotoOf(alice.main, id)) as tl.RawPhoto, 'a'))).toBe('FILE_REFERENCE_EXPIRED');

    const next = await setPhoto(alice.main, id, await uploadedBy(alice.main, 400, 300));
    const after = (await look()) as tl.RawPhoto;
    expect(after.id).toEqual(next.id);
    expect((await loadAt(dave.main, sizeLocation(after, 'a'))).length).toBeGreaterThan(100);
    await expect.poll(() => failsAt(dave.main, sizeLocation(photo, 'a')).catch(() => 'loaded'), { timeout: 5000 }).toBe('FILE_REFERENCE_EXPIRED');
    await revokeInvite(alice, id, link);
    await expect.poll(() => failsAt(dave.main, sizeLocation(after, 'a')).catch(() => 'loaded'), { timeout: 5000 }).toBe('FILE_REFERENCE_EXPIRED');
    await expect(look()).rejects.toMatchObject({ text: 'INVITE_HASH_EXPIRED' });
  });
});

test('those who join by a link go on loading the photo of its preview, and those who are banned then do not', async () => {
  const { id, alice } = await createPlace('megagroup');
  const [dave] = (await people(scenario, 'Dave')) as [Actor];
  await alice.meet(dave);
  await setPhoto(alice.main, id);
  const { link } = await exportInvite(alice, id, { usageLimit: 1 });
  const { photo } = (await checkInvite(dave, link)) as tl.RawChatInvite;
  const location = sizeLocation(photo as tl.RawPhoto, 'a');
  await enter(dave, link);
  expect((await loadAt(dave.main, location)).length).toBeGreaterThan(100);
  await alice.main.change({ _: 'channels.editBanned', channel: alice.main.inputChannel(id), participant: alice.main.inputPeer(dave.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
  await expect.poll(() => failsAt(dave.main, location).catch(() => 'loaded'), { timeout: 5000 }).toBe('FILE_REFERENCE_EXPIRED');
});

test('who has left a private channel does not load its photo, nor what the service message shows', async () => {
  const { id, alice, bob } = await createPlace('megagroup');
  await setPhoto(alice.main, id);
  const photo = (await fullPhotoOf(bob.main, id)) as tl.RawPhoto;
  const peer = bob.main.inputPeer(id);
  await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
  expect(await failsAt(bob.main, peerPhotoLocation(peer, photo.id, false))).toBe('CHANNEL_PRIVATE');
  await expect.poll(() => failsAt(bob.main, { _: 'inputPhotoFileLocation', id: photo.id, accessHash: photo.accessHash, fileReference: photo.fileReference, thumbSize: 'a' }).catch(() => 'loaded'), { timeout: 5000 }).toBe('FILE_REFERENCE_EXPIRED');
});

test('who was removed from a basic group does not load its photo', async () => {
  const { id, alice, bob } = await createPlace('basic group');
  const photo = await setPhoto(alice.main, id);
  await alice.main.change({ _: 'messages.deleteChatUser', chatId: -id, userId: alice.main.inputUser(bob.id) });
  expect(await failsAt(bob.main, peerPhotoLocation({ _: 'inputPeerChat', chatId: -id }, photo.id, false))).toBe('LOCATION_INVALID');
});

test('everybody loads the photo of a public channel', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const id = await createChannel(alice, 'broadcast');
  const photo = await setPhoto(alice.main, id);
  await alice.main.change({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: 'photos_of_alice' });
  const { chats } = await bob.main.call({ _: 'contacts.resolveUsername', username: 'photos_of_alice' });
  const channel = chats[0] as tl.RawChannel;
  expect(channel.photo).toMatchObject({ photoId: photo.id });
  const peer: tl.RawInputPeerChannel = { _: 'inputPeerChannel', channelId: channel.id, accessHash: channel.accessHash! };
  expect((await loadAt(bob.main, peerPhotoLocation(peer, photo.id, true))).length).toBeGreaterThan(100);
  const { fullChat } = await bob.main.call({ _: 'channels.getFullChannel', channel: { ...peer, _: 'inputChannel' } });
  const report = (photoId: tl.TypeInputPhoto): tl.RpcMethod => ({ _: 'account.reportProfilePhoto', peer, photoId, reason: { _: 'inputReportReasonSpam' }, message: '' });
  expect(await bob.main.call(report(inputPhotoOf(fullChat.chatPhoto as tl.RawPhoto)))).toBe(true);
  expect((await bob.main.fails(report(inputPhotoOf(await setProfilePhoto(bob.main))))).text).toBe('PHOTO_INVALID');
});

test('a group that becomes a supergroup keeps its photo', async () => {
  const { id, alice, bob } = await createPlace('basic group');
  const photo = await setPhoto(alice.main, id);
  const { chats } = (await alice.main.change({ _: 'messages.migrateChat', chatId: -id })) as tl.RawUpdates;
  const marked = -1_000_000_000_000 - (chats.find((chat) => chat._ === 'channel') as tl.RawChannel).id;
  await bob.sees('action:messageActionChannelMigrateFrom');
  expect(await photoOf(bob.main, marked)).toMatchObject({ photoId: photo.id });
  expect((await loadAt(bob.main, peerPhotoLocation(bob.main.inputPeer(marked), photo.id, false))).length).toBeGreaterThan(100);
  expect((await fullPhotoOf(bob.main, marked))).toMatchObject({ id: photo.id });
});

test('the admin log shows the photos before and after, and admins load both', async () => {
  const { id, alice } = await createPlace('megagroup');
  const first = await setPhoto(alice.main, id);
  const second = await setPhoto(alice.main, id, await uploadedBy(alice.main, 600, 400));
  await alice.main.change(edit(alice.main, id, { _: 'inputChatPhotoEmpty' }));
  const ask = (filter: Partial<tl.RawChannelAdminLogEventsFilter>): tl.channels.RawGetAdminLogRequest => ({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(id), q: '', eventsFilter: { _: 'channelAdminLogEventsFilter', ...filter }, maxId: Long.ZERO, minId: Long.ZERO, limit: 10 });
  const { events } = await alice.main.call(ask({ info: true }));
  expect(events.map(({ action }) => action)).toMatchObject([
    { _: 'channelAdminLogEventActionChangePhoto', prevPhoto: { id: second.id }, newPhoto: { _: 'photoEmpty' } },
    { _: 'channelAdminLogEventActionChangePhoto', prevPhoto: { id: first.id }, newPhoto: { id: second.id } },
    { _: 'channelAdminLogEventActionChangePhoto', prevPhoto: { _: 'photoEmpty' }, newPhoto: { id: first.id } },
  ]);
  const { prevPhoto, newPhoto } = events[1]!.action as tl.RawChannelAdminLogEventActionChangePhoto;
  expect(await loadSizes(alice.main, prevPhoto as tl.RawPhoto)).toEqual(['a 160x160', 'b 320x320', 'c 500x500']);
  expect(await loadSizes(alice.main, newPhoto as tl.RawPhoto)).toEqual(['a 160x160', 'b 320x320', 'c 400x400']);
  expect((await alice.main.call(ask({ settings: true }))).events).toEqual([]);
});

test('a member invited later is shown the photo', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const id = await createChannel(alice);
  const photo = await setPhoto(alice.main, id);
  await inviteTo(alice, id, [bob]);
  expect(await photoOf(bob.main, id)).toMatchObject({ photoId: photo.id });
});
