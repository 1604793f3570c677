import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { checkMessageFiles, upload } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { loadSize, loadSizes, makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
const sets: Record<string, tl.messages.RawStickerSet> = {};
beforeAll(async () => {
  scenario = await startScenario();
  const asker = await scenario.world.user('Asker');
  for (const shortName of ['AerogramFaceEmoji', 'AerogramFaces']) {
    sets[shortName] = (await asker.main.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName }, hash: 0 })) as tl.messages.RawStickerSet;
  }
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const RED = 0xff0000;
const DRAWN = ['a 160x160', 'b 320x320', 'c 640x640'];
const idOf = (set: string): tl.Long => sets[set]!.documents[0]!.id;
const emojiOn = (...backgroundColors: number[]): tl.RawVideoSizeEmojiMarkup => ({ _: 'videoSizeEmojiMarkup', emojiId: idOf('AerogramFaceEmoji'), backgroundColors });
const stickerOn = (...backgroundColors: number[]): tl.RawVideoSizeStickerMarkup => ({ _: 'videoSizeStickerMarkup', stickerset: { _: 'inputStickerSetShortName', shortName: 'AerogramFaces' }, stickerId: idOf('AerogramFaces'), backgroundColors });

async function set({ main }: Actor, more: Partial<tl.photos.RawUploadProfilePhotoRequest>): Promise<tl.RawPhoto> {
  return ((await main.change({ _: 'photos.uploadProfilePhoto', ...more })) as unknown as { photo: tl.RawPhoto }).photo;
}

async function listed({ main }: Actor, person: Actor): Promise<tl.RawPhoto[]> {
  return (await main.call({ _: 'photos.getUserPhotos', userId: main.inputUser(person.id), offset: 0, maxId: Long.ZERO, limit: 10 })).photos as tl.RawPhoto[];
}

/** The colour of a corner of a picture, and of its middle. */
async function coloursOf(jpeg: Uint8Array): Promise<number[][]> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return [0, Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)].map((at) => [...data.subarray(at * 3, at * 3 + 3)].map((value) => Math.round(value / 255)));
}

describe('a photo made of an emoji', () => {
  test('is drawn by apps that can, and by the server for all others', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    await bob.meet(alice);
    let photo: tl.RawPhoto;
    await verifyUpdates([alice, bob], async () => {
      photo = await set(alice, { videoEmojiMarkup: emojiOn(RED) });
      await bob.main.seesUpdate('updateUser', ({ userId }) => userId === alice.id);
    });
    const [seen] = await listed(bob, alice);
    expect(seen!.videoSizes).toEqual([emojiOn(RED)]);
    expect(await loadSizes(bob.main, seen!)).toEqual(DRAWN);
    const [corner, middle] = await coloursOf(await loadSize(bob.main, seen!, 'c'));
    expect(corner).toEqual([1, 0, 0]);
    expect(middle).not.toEqual(corner);
    const [user] = await bob.main.call({ _: 'users.getUsers', id: [bob.main.inputUser(alice.id)] });
    expect(user).toMatchObject({ photo: { photoId: photo!.id, hasVideo: true } });
    // The same again is the same photo; other colours make another one.
    expect((await set(alice, { videoEmojiMarkup: emojiOn(RED) })).id).toEqual(photo!.id);
    expect((await set(alice, { videoEmojiMarkup: emojiOn(RED, 0) })).id).not.toEqual(photo!.id);
    expect(await listed(bob, alice)).toHaveLength(2);
    await checkMessageFiles(scenario.server.db);
  });

  test('may be a sticker, of which the set is named by the server', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    await bob.meet(alice);
    await set(alice, { videoEmojiMarkup: { ...stickerOn(RED, 0x00ff00, 0xff, 0xffffff), stickerset: { _: 'inputStickerSetID', id: Long.ONE, accessHash: Long.ONE } } });
    const [seen] = await listed(bob, alice);
    const [markup] = seen!.videoSizes as [tl.RawVideoSizeStickerMarkup];
    expect(markup).toMatchObject({ stickerId: idOf('AerogramFaces'), backgroundColors: [RED, 0x00ff00, 0xff, 0xffffff] });
    expect(await bob.main.call({ _: 'messages.getStickerSet', stickerset: markup.stickerset, hash: 0 })).toMatchObject({ set: { shortName: 'AerogramFaces' } });
    expect(await loadSizes(bob.main, seen!)).toEqual(DRAWN);
  });

  test('shows the picture that its owner has sent', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    await bob.meet(alice);
    const picture = { bytes: await makePicture(400, 400), name: 'me.jpg' };
    const file = await upload(alice.main, picture);
    const photo = await set(alice, { file, videoEmojiMarkup: emojiOn(RED) });
    // A repeat after the answer was lost.
    expect((await set(alice, { file, videoEmojiMarkup: emojiOn(RED) })).id).toEqual(photo.id);
    const [seen] = await listed(bob, alice);
    expect(seen!.videoSizes).toEqual([emojiOn(RED)]);
    expect(await loadSizes(bob.main, seen!)).toEqual(['a 160x160', 'b 320x320', 'c 400x400']);
    const plain = await set(alice, { file: await upload(alice.main, picture) });
    expect([plain.id.eq(photo.id), plain.videoSizes]).toEqual([false, undefined]);
  });

  test('has one to four colours, and an emoji or sticker that the server has', async () => {
    const [alice] = (await people(scenario, 'Alice')) as [Actor];
    const refusal = async (videoEmojiMarkup: tl.TypeVideoSize): Promise<string> => (await alice.main.fails({ _: 'photos.uploadProfilePhoto', videoEmojiMarkup })).text;
    for (const wrong of [emojiOn(), emojiOn(1, 2, 3, 4, 5), emojiOn(-1), emojiOn(0x1000000), { ...emojiOn(1), emojiId: idOf('AerogramFaces') }, { _: 'videoSize', type: 'u', w: 1, h: 1, size: 1 } as const]) expect(await refusal(wrong)).toBe('EMOJI_MARKUP_INVALID');
    for (const wrong of [stickerOn(), { ...stickerOn(1), stickerId: idOf('AerogramFaceEmoji') }, { ...stickerOn(1), stickerId: Long.ONE }]) expect(await refusal(wrong)).toBe('STICKER_MIME_INVALID');
  });

  test('is that of a group, or is suggested to a contact once', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const group = await createGroup(alice, [bob]);
    const photo: tl.RawInputChatUploadedPhoto = { _: 'inputChatUploadedPhoto', videoEmojiMarkup: emojiOn(RED) };
    const shownIn = async ({ main }: { main: Device }): Promise<tl.TypePhoto[]> => [
      (await main.call({ _: 'channels.getFullChannel', channel: main.inputChannel(id) })).fullChat.chatPhoto!,
      (await main.call({ _: 'messages.getFullChat', chatId: group.id })).fullChat.chatPhoto!,
    ];
    await verifyUpdates([alice, bob], async () => {
      await alice.main.change({ _: 'channels.editPhoto', channel: alice.main.inputChannel(id), photo });
      await alice.main.change({ _: 'messages.editChatPhoto', chatId: group.id, photo });
      await bob.sees('action:messageActionChatEditPhoto');
    });
    for (const shown of await shownIn(bob)) expect([(shown as tl.RawPhoto).videoSizes, await loadSizes(bob.main, shown as tl.RawPhoto)]).toEqual([[emojiOn(RED)], DRAWN]);
    await alice.main.change({ _: 'contacts.addContact', id: alice.main.inputUser(bob.id), firstName: 'Bobby', lastName: '', phone: '' });
    for (let i = 0; i < 2; i++) await alice.main.change({ _: 'photos.uploadContactProfilePhoto', userId: alice.main.inputUser(bob.id), suggest: true, videoEmojiMarkup: emojiOn(0) });
    await bob.sees('action:messageActionSuggestProfilePhoto');
    expect([...bob.main.state.messages.values()].filter(({ text }) => text === 'action:messageActionSuggestProfilePhoto')).toHaveLength(1);
    await checkMessageFiles(scenario.server.db);
  });
});
