import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { findFfmpeg, loadMediabunny } from '@aerogram/media';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { checkMessageFiles, makeFile, upload } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { failsAt, inputPhotoOf, loadAt, loadSizes, makePicture, peerPhotoLocation, sizeLocation } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const HAS_FFMPEG = (await findFfmpeg()).isThere;
/** 240 × 240 pixels, 2 s, with sound. */
const FILM = readFileSync(join(findRepositoryRoot(), 'packages/media/test/samples/avatar.mp4'));
const SQUARE = ['a 160x160', 'b 320x320', 'c 400x400'];

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  await alice.meet(bob);
  await bob.meet(alice);
  await alice.main.change({ _: 'contacts.addContact', id: alice.main.inputUser(bob.id), firstName: 'Bobby', lastName: '', phone: '' });
  return [alice, bob];
}

/** An uploaded video with a still picture. */
async function moving(device: Device, startS = 1): Promise<{ file: tl.TypeInputFile; video: tl.TypeInputFile; videoStartTs: number }> {
  return { file: await upload(device, { bytes: await makePicture(400, 400), name: 'me.jpg' }), video: await upload(device, { bytes: FILM, name: 'me.mp4' }), videoStartTs: startS };
}

async function set(device: Device, more: Partial<tl.photos.RawUploadProfilePhotoRequest>): Promise<tl.RawPhoto> {
  return ((await device.change({ _: 'photos.uploadProfilePhoto', ...more })) as unknown as { photo: tl.RawPhoto }).photo;
}

async function photoOf(device: Device, userId: number): Promise<tl.RawUserProfilePhoto | undefined> {
  const [user] = await device.call({ _: 'users.getUsers', id: [device.inputUser(userId)] });
  return user?._ === 'user' && user.photo?._ === 'userProfilePhoto' ? user.photo : undefined;
}

async function listed(device: Device, userId: number): Promise<tl.RawPhoto[]> {
  return (await device.call({ _: 'photos.getUserPhotos', userId: device.inputUser(userId), offset: 0, maxId: Long.ZERO, limit: 10 })).photos as tl.RawPhoto[];
}

/** The only video of a photo. */
function videoOf({ videoSizes }: tl.RawPhoto): tl.RawVideoSize {
  expect(videoSizes).toHaveLength(1);
  return videoSizes![0] as tl.RawVideoSize;
}

/** Loads the video of a photo, and looks into it. */
async function checkVideo(device: Device, photo: tl.RawPhoto, startS: number): Promise<void> {
  const video = videoOf(photo);
  expect(video).toMatchObject({ _: 'videoSize', type: 'u', w: 240, h: 240, videoStartTs: startS });
  const file = await device.call({ _: 'upload.getFile', location: sizeLocation(photo, 'u'), offset: 0, limit: 1024 * 1024 });
  if (file._ !== 'upload.file') throw new Error('no file');
  expect(file.type._).toBe('storage.fileMp4');
  expect(file.bytes).toHaveLength(video.size);
  const loaded = await loadMediabunny();
  if (!loaded.isThere) throw new Error(loaded.reason);
  const { ALL_FORMATS, BufferSource, Input } = loaded.mediabunny;
  using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(file.bytes) });
  expect(await input.getPrimaryAudioTrack()).toBeNull();
  const track = (await input.getPrimaryVideoTrack())!;
  expect([await track.getCodec(), await track.getDisplayWidth(), await track.getDisplayHeight(), await input.computeDuration()]).toEqual(['avc', 240, 240, 2]);
}

describe('a video on a profile', () => {
  test('stands beside the still picture that its owner has sent, and others load both', async () => {
    const [alice, bob] = await pair();
    const other = await alice.device();
    let photo: tl.RawPhoto;
    await verifyUpdates([alice, bob], async () => {
      photo = await set(alice.main, await moving(alice.main));
      await other.seesUpdate('updateUser', ({ userId }) => userId === alice.id);
      await bob.main.seesUpdate('updateUser', ({ userId }) => userId === alice.id);
    });
    expect(await loadSizes(alice.main, photo!)).toEqual(SQUARE);
    await checkVideo(alice.main, photo!, 1);
    for (const { main } of [alice, bob]) expect(await photoOf(main, alice.id)).toMatchObject({ hasVideo: true, photoId: photo!.id });
    const [seen] = await listed(bob.main, alice.id);
    expect(await loadSizes(bob.main, seen!)).toEqual(SQUARE);
    await checkVideo(bob.main, seen!, 1);
    expect((await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) })).fullUser.profilePhoto).toMatchObject({ videoSizes: [{ type: 'u' }] });
    // The photo beside the name is a still picture, whatever size is asked for, and there is no small video.
    const big = await loadAt(bob.main, peerPhotoLocation(bob.main.inputPeer(alice.id), photo!.id, true));
    expect(Buffer.from(big).toString('hex', 0, 2)).toBe('ffd8');
    expect(await failsAt(bob.main, sizeLocation(seen!, 'p'))).toBe('LOCATION_INVALID');
    await checkMessageFiles(scenario.server.db);
  });

  test.skipIf(!HAS_FFMPEG)('gets a picture of one of its frames, if its owner sends none', async () => {
    const [alice, bob] = await pair();
    const first = await set(alice.main, { video: await upload(alice.main, { bytes: FILM, name: 'me.mp4' }) });
    expect(await loadSizes(alice.main, first)).toEqual(['a 160x160', 'c 240x240']);
    await checkVideo(alice.main, first, 0);
    const later = await set(alice.main, { video: await upload(alice.main, { bytes: FILM, name: 'me.mp4' }), videoStartTs: 1.5 });
    expect(later.id).not.toEqual(first.id);
    await checkVideo(alice.main, later, 1.5);
    expect(await listed(bob.main, alice.id)).toHaveLength(2);
  });

  test('goes when another photo is chosen, and comes back with it', async () => {
    const [alice, bob] = await pair();
    const film = await set(alice.main, await moving(alice.main));
    const still = await set(alice.main, { file: await upload(alice.main, { bytes: await makePicture(300, 300), name: 'me.jpg' }) });
    expect((await photoOf(bob.main, alice.id))!.hasVideo).toBe(false);
    expect(still.videoSizes).toBeUndefined();
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'photos.updateProfilePhoto', id: inputPhotoOf(film) });
    });
    expect(await photoOf(bob.main, alice.id)).toMatchObject({ hasVideo: true, photoId: film.id });
    await checkVideo(bob.main, (await listed(bob.main, alice.id))[0]!, 1);
    await alice.main.change({ _: 'photos.deletePhotos', id: [inputPhotoOf(film)] });
    expect((await photoOf(bob.main, alice.id))!.hasVideo).toBe(false);
    expect(await failsAt(alice.main, peerPhotoLocation({ _: 'inputPeerSelf' }, film.id, true))).toBe('LOCATION_INVALID');
  });

  test('is the same photo when the call is repeated, and when the same files are sent once more', async () => {
    const [alice, bob] = await pair();
    const files = { picture: { bytes: await makePicture(400, 400), name: 'me.jpg' }, film: { bytes: FILM, name: 'me.mp4' } };
    const request = { file: await upload(alice.main, files.picture), video: await upload(alice.main, files.film), videoStartTs: 1 };
    const first = await set(alice.main, request);
    expect((await set(alice.main, request)).id).toEqual(first.id);
    const again = { file: await upload(alice.main, files.picture), video: await upload(alice.main, files.film), videoStartTs: 1 };
    expect((await set(alice.main, again)).id).toEqual(first.id);
    expect(await listed(bob.main, alice.id)).toHaveLength(1);
    // The same video with another beginning is another photo.
    const other = await set(alice.main, { file: await upload(alice.main, files.picture), video: await upload(alice.main, files.film), videoStartTs: 0.5 });
    expect(other.id).not.toEqual(first.id);
    await checkVideo(alice.main, other, 0.5);
    expect(await listed(bob.main, alice.id)).toHaveLength(2);
  });

  test('can be the photo for those who may not see the others', async () => {
    const [alice, bob] = await pair();
    await verifyUpdates([alice, bob], async () => {
      await set(alice.main, { ...(await moving(alice.main)), fallback: true });
    });
    await alice.main.change({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeyProfilePhoto' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    expect(await photoOf(bob.main, alice.id)).toMatchObject({ hasVideo: true });
    const { fallbackPhoto } = (await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) })).fullUser;
    await checkVideo(bob.main, fallbackPhoto as tl.RawPhoto, 1);
  });

  test('can be set for a contact, and suggested', async () => {
    const [alice, bob] = await pair();
    const give = async (flags: { save?: boolean; suggest?: boolean }): Promise<tl.RpcMethod> => ({ _: 'photos.uploadContactProfilePhoto', userId: alice.main.inputUser(bob.id), ...(await moving(alice.main)), ...flags });
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change(await give({ save: true }));
    });
    expect(await photoOf(alice.main, bob.id)).toMatchObject({ personal: true, hasVideo: true });
    const { personalPhoto } = (await alice.main.call({ _: 'users.getFullUser', id: alice.main.inputUser(bob.id) })).fullUser;
    await checkVideo(alice.main, personalPhoto as tl.RawPhoto, 1);
    await alice.main.change({ _: 'photos.uploadContactProfilePhoto', userId: alice.main.inputUser(bob.id), save: true });
    expect(await photoOf(alice.main, bob.id)).toBeUndefined();

    await verifyUpdates([alice, bob], async () => {
      await alice.main.change(await give({ suggest: true }));
      await bob.sees('action:messageActionSuggestProfilePhoto');
    });
    const { id } = await bob.sees('action:messageActionSuggestProfilePhoto');
    const { messages } = (await bob.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] })) as tl.messages.RawMessages;
    const { photo } = (messages[0] as tl.RawMessageService).action as tl.RawMessageActionSuggestProfilePhoto;
    await checkVideo(bob.main, photo as tl.RawPhoto, 1);
    await bob.main.change({ _: 'photos.updateProfilePhoto', id: inputPhotoOf(photo as tl.RawPhoto) });
    expect(await photoOf(alice.main, bob.id)).toMatchObject({ hasVideo: true, photoId: (photo as tl.RawPhoto).id });
    await checkMessageFiles(scenario.server.db);
  });

  test('is refused if it is not what a profile may have, and nothing of it is kept', async () => {
    const [alice] = await pair();
    const sample = (name: string): Buffer => readFileSync(join(findRepositoryRoot(), 'packages/media/test/samples', name));
    const file = await upload(alice.main, { bytes: await makePicture(400, 400), name: 'me.jpg' });
    const error = async (bytes: Buffer): Promise<string> => (await alice.main.fails({ _: 'photos.uploadProfilePhoto', file, video: await upload(alice.main, { bytes, name: 'me.mp4' }) })).text;
    expect(await error(sample('film.mp4'))).toBe('VIDEO_FILE_INVALID');
    expect(await error(sample('film.webm'))).toBe('VIDEO_FILE_INVALID');
    expect(await error(FILM.subarray(0, 5000))).toBe('VIDEO_FILE_INVALID');
    expect(await error(Buffer.concat([FILM, Buffer.alloc(2 * 1024 * 1024)]))).toBe('VIDEO_FILE_INVALID');
    expect(await error(makeFile(1000).bytes)).toBe('VIDEO_FILE_INVALID');
    expect((await alice.main.fails({ _: 'photos.uploadProfilePhoto', file, video: file })).text).toBe('VIDEO_FILE_INVALID');
    const video = await upload(alice.main, { bytes: FILM, name: 'me.mp4' });
    expect((await alice.main.fails({ _: 'photos.uploadProfilePhoto', video, file: await upload(alice.main, makeFile(1000)) })).text).toBe('PHOTO_EXT_INVALID');
    expect((await alice.main.fails({ _: 'photos.uploadProfilePhoto', video, file: await upload(alice.main, { bytes: await makePicture(100, 100), name: 'me.jpg' }) })).text).toBe('PHOTO_CROP_SIZE_SMALL');
    expect(await listed(alice.main, alice.id)).toEqual([]);
    // The files of a call that was refused can be sent again.
    await checkVideo(alice.main, await set(alice.main, { video, file }), 0);
  });
});

describe.each(['basic group', 'megagroup', 'broadcast'] as const)('a video as the photo of a %s', (kind) => {
  const isChannel = kind !== 'basic group';
  const edit = (device: Device, id: number, photo: tl.TypeInputChatPhoto): tl.RpcMethod =>
    isChannel ? { _: 'channels.editPhoto', channel: device.inputChannel(id), photo } : { _: 'messages.editChatPhoto', chatId: -id, photo };
  const seenBy = async (device: Device, id: number): Promise<tl.TypeChatPhoto> => {
    const { chats } = isChannel ? await device.call({ _: 'channels.getChannels', id: [device.inputChannel(id)] }) : await device.call({ _: 'messages.getChats', id: [-id] });
    return (chats[0] as tl.RawChat).photo;
  };
  const fullOf = async (device: Device, id: number): Promise<tl.RawPhoto> => {
    const { fullChat } = isChannel ? await device.call({ _: 'channels.getFullChannel', channel: device.inputChannel(id) }) : await device.call({ _: 'messages.getFullChat', chatId: -id });
    return fullChat.chatPhoto as tl.RawPhoto;
  };

  test('is seen by its members, who load it, until it is removed', async () => {
    const { id, alice, bob } = isChannel ? await channelStage(scenario, kind) : await basicGroup();
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change(edit(alice.main, id, { _: 'inputChatUploadedPhoto', ...(await moving(alice.main)) }));
      await bob.sees('action:messageActionChatEditPhoto');
    });
    expect(await seenBy(bob.main, id)).toMatchObject({ _: 'chatPhoto', hasVideo: true });
    const photo = await fullOf(bob.main, id);
    await checkVideo(bob.main, photo, 1);
    expect(await loadSizes(bob.main, photo)).toEqual(SQUARE);
    const error = async (more: Partial<tl.RawInputChatUploadedPhoto>): Promise<string> => (await alice.main.fails(edit(alice.main, id, { _: 'inputChatUploadedPhoto', ...more }))).text;
    expect(await error({ video: await upload(alice.main, makeFile(1000)) })).toBe('PHOTO_INVALID');
    expect(await error({ videoEmojiMarkup: { _: 'videoSizeEmojiMarkup', emojiId: Long.ONE, backgroundColors: [1] } })).toBe('PHOTO_INVALID');
    await alice.main.change(edit(alice.main, id, { _: 'inputChatUploadedPhoto', file: await upload(alice.main, { bytes: await makePicture(300, 300), name: 'group.jpg' }) }));
    expect(await seenBy(bob.main, id)).toMatchObject({ hasVideo: false });
    await checkMessageFiles(scenario.server.db);
  });

  test('can be that of the own profile', async () => {
    const { id, alice, bob } = isChannel ? await channelStage(scenario, kind) : await basicGroup();
    const own = await set(alice.main, await moving(alice.main));
    await alice.main.change(edit(alice.main, id, { _: 'inputChatPhoto', id: inputPhotoOf(own) }));
    expect(await seenBy(bob.main, id)).toMatchObject({ hasVideo: true, photoId: own.id });
    await checkVideo(bob.main, await fullOf(bob.main, id), 1);
  });
});

async function basicGroup(): Promise<{ id: number; alice: Actor; bob: Actor }> {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  return { id: -(await createGroup(alice, [bob])).id, alice, bob };
}

test('a group that becomes a supergroup keeps the video of its photo', async () => {
  const { id, alice, bob } = await basicGroup();
  await alice.main.change({ _: 'messages.editChatPhoto', chatId: -id, photo: { _: 'inputChatUploadedPhoto', ...(await moving(alice.main)) } });
  const { chats } = (await alice.main.change({ _: 'messages.migrateChat', chatId: -id })) as tl.RawUpdates;
  const channel = chats.find((chat) => chat._ === 'channel') as tl.RawChannel;
  expect(channel.photo).toMatchObject({ hasVideo: true });
  await bob.sees('action:messageActionChannelMigrateFrom');
  const { fullChat } = await bob.main.call({ _: 'channels.getFullChannel', channel: bob.main.inputChannel(-1_000_000_000_000 - channel.id) });
  await checkVideo(bob.main, fullChat.chatPhoto as tl.RawPhoto, 1);
});
