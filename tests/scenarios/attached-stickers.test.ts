import type { Actor, Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { documentIn, sendMedia, upload } from './file-stage.ts';
import { inputPhotoOf, makePicture, photoIn } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
beforeEach(async () => {
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
});

const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });

/** The first sticker of a set that ships with the server. */
async function stickerOf(shortName: string): Promise<tl.RawInputDocument> {
  const { documents } = (await alice.main.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName }, hash: 0 })) as tl.messages.RawStickerSet;
  return inputOf(documents[0] as tl.RawDocument);
}

/** The newest message of the chat, as the other one has it. */
async function received(): Promise<tl.TypeMessageMedia | undefined> {
  const { messages: [message] } = (await bob.main.call({ _: 'messages.getHistory', peer: bob.main.inputPeer(alice.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
  return (message as tl.RawMessage).media;
}
const namesOn = async (device: Device, media: tl.TypeInputStickeredMedia): Promise<string[]> => (await device.call({ _: 'messages.getAttachedStickers', media })).map(({ set }) => set.shortName);

test('whoever sees a photo or file finds the sets of the stickers that were put on it', async () => {
  const [faces, animals] = [await stickerOf('AerogramFaces'), await stickerOf('AerogramAnimals')];
  const file = await upload(alice.main, { bytes: await makePicture(300, 200), name: 'a.jpg' });
  await sendMedia(alice.main, { _: 'inputMediaUploadedPhoto', file, stickers: [faces, animals, faces] }, { peer: alice.main.inputPeer(bob.id) });
  const photo = photoIn(await received());
  expect(photo.hasStickers).toBe(true);
  const media: tl.TypeInputStickeredMedia = { _: 'inputStickeredMediaPhoto', id: inputPhotoOf(photo) };
  expect(await namesOn(bob.main, media)).toEqual(['AerogramFaces', 'AerogramAnimals']);
  // Who does not see the photo learns nothing of it.
  const carol = await scenario.world.user('Carol');
  expect((await carol.main.fails({ _: 'messages.getAttachedStickers', media })).text).toBe('FILE_REFERENCE_EXPIRED');
  expect((await bob.main.fails({ _: 'messages.getAttachedStickers', media: { _: 'inputStickeredMediaPhoto', id: { _: 'inputPhotoEmpty' } } })).text).toBe('MEDIA_EMPTY');

  const video = await upload(alice.main, { bytes: Buffer.from('a file with a sticker on it'), name: 'a.bin' });
  await sendMedia(alice.main, { _: 'inputMediaUploadedDocument', file: video, mimeType: 'application/x-test', attributes: [], stickers: [animals] }, { peer: alice.main.inputPeer(bob.id) });
  const document = documentIn(await received());
  expect(document.attributes.some(({ _ }) => _ === 'documentAttributeHasStickers')).toBe(true);
  expect(await namesOn(bob.main, { _: 'inputStickeredMediaDocument', id: inputOf(document) })).toEqual(['AerogramAnimals']);
});

test('what is no sticker, or is named without its access hash, is passed over', async () => {
  const faces = await stickerOf('AerogramFaces');
  const file = await upload(alice.main, { bytes: await makePicture(320, 200), name: 'b.jpg' });
  await sendMedia(alice.main, { _: 'inputMediaUploadedPhoto', file, stickers: [{ ...faces, accessHash: Long.ONE }, { _: 'inputDocumentEmpty' }] }, { peer: alice.main.inputPeer(bob.id) });
  const photo = photoIn(await received());
  expect(photo.hasStickers).not.toBe(true);
  expect(await namesOn(bob.main, { _: 'inputStickeredMediaPhoto', id: inputPhotoOf(photo) })).toEqual([]);
});
