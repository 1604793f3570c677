import { gzipSync } from 'node:zlib';
import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel, inviteTo } from './channel-stage.ts';
import { documentOf, download, failsToLoad, hashOf, makeFile, sendMedia, upload } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';
import { readSample } from '../../packages/media/test/samples.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** What a client says about a sticker of a set that this server does not know. */
const says = (alt: string): tl.TypeDocumentAttribute => ({ _: 'documentAttributeSticker', alt, stickerset: { _: 'inputStickerSetShortName', shortName: 'somebodys_set' }, maskCoords: { _: 'maskCoords', n: 1, x: 1, y: 1, zoom: 1 } });
const SIZE: tl.TypeDocumentAttribute = { _: 'documentAttributeImageSize', w: 512, h: 400 };

/** An animated sticker. @param length how long its file is, in bytes */
function makeAnimation(length = 1000, animation: object = { tgs: 1, v: '5.5.2', w: 512, h: 512 }): Buffer {
  const fill = (bytes: number): Buffer => gzipSync(JSON.stringify({ ...animation, nm: 'a'.repeat(bytes) }), { level: 0 });
  let bytes = 0;
  while (fill(bytes).length !== length) bytes += length - fill(bytes).length;
  return fill(bytes);
}

async function send(from: Actor, peer: tl.TypeInputPeer, { mimeType = 'image/webp', bytes, attributes }: { mimeType?: string; bytes?: Buffer; attributes: tl.TypeDocumentAttribute[] }): Promise<tl.RawDocument> {
  const file = await upload(from.main, { bytes: bytes ?? (await makePicture(512, 400, 'webp')), name: 'sticker' });
  return documentOf(from.main, await sendMedia(from.main, { _: 'inputMediaUploadedDocument', file, mimeType, attributes }, { peer }));
}
const sendSticker = (alt: string): Promise<tl.RawDocument> => send(alice, alice.main.inputPeer(bob.id), { attributes: [SIZE, says(alt)] });
const stickerIn = ({ attributes }: tl.RawDocument): tl.TypeDocumentAttribute | undefined => attributes.find(({ _ }) => _ === 'documentAttributeSticker');
const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });
const idsOf = (documents: readonly tl.TypeDocument[]): string[] => documents.map(({ id }) => id.toString());

async function recent(device: Device, attached = false): Promise<tl.messages.RawRecentStickers> {
  const found = await device.call({ _: 'messages.getRecentStickers', attached, hash: Long.ZERO });
  if (found._ !== 'messages.recentStickers') throw new Error(found._);
  return found;
}

async function faved(device: Device): Promise<tl.messages.RawFavedStickers> {
  const found = await device.call({ _: 'messages.getFavedStickers', hash: Long.ZERO });
  if (found._ !== 'messages.favedStickers') throw new Error(found._);
  return found;
}

describe('stickers without a set', () => {
  test('are sent as documents with their emoji; the set that the client names is left out', async () => {
    expect(stickerIn(await sendSticker('👍'))).toEqual({ _: 'documentAttributeSticker', mask: false, alt: '👍', stickerset: { _: 'inputStickerSetEmpty' }, maskCoords: undefined });
  });

  test('must be of a format, a length and sides that stickers have; other files are sent as files', async () => {
    const peer = alice.main.inputPeer(bob.id);
    const isSticker = async (file: Parameters<typeof send>[2]): Promise<boolean> => stickerIn(await send(alice, peer, file)) !== undefined;
    expect(await isSticker({ attributes: [SIZE, says('')] })).toBe(true);
    expect(await isSticker({ mimeType: 'application/x-tgsticker', bytes: makeAnimation(64 * 1024), attributes: [SIZE, says('')] })).toBe(true);
    expect(await isSticker({ mimeType: 'application/x-tgsticker', bytes: makeAnimation(64 * 1024 + 1), attributes: [SIZE, says('')] })).toBe(false);
    expect(await isSticker({ mimeType: 'image/svg+xml', attributes: [SIZE, says('')] })).toBe(false);
    // The server measures a picture itself, whatever is said of it.
    expect(await isSticker({ attributes: [says('')] })).toBe(true);
    expect(await isSticker({ attributes: [{ _: 'documentAttributeImageSize', w: 513, h: 10 }, says('')] })).toBe(true);
  });

  test('must have the content that the client names; other files are sent as files', async () => {
    const peer = alice.main.inputPeer(bob.id);
    const isSticker = async (mimeType: string, bytes: Buffer, attribute: tl.TypeDocumentAttribute = SIZE): Promise<boolean> => stickerIn(await send(alice, peer, { mimeType, bytes, attributes: [attribute, says('')] })) !== undefined;
    const video: tl.TypeDocumentAttribute = { _: 'documentAttributeVideo', duration: 2, w: 96, h: 64 };
    expect(await isSticker('image/webp', makeFile(1000).bytes)).toBe(false);
    expect(await isSticker('image/webp', await makePicture(513, 10, 'webp'))).toBe(false);
    expect(await isSticker('image/webp', await makePicture(512, 10, 'png'))).toBe(false);
    const animation = 'application/x-tgsticker';
    expect(await isSticker(animation, makeFile(1000).bytes)).toBe(false);
    expect(await isSticker(animation, makeAnimation(1000, { tgs: 1, w: 2000, h: 512 }))).toBe(false);
    expect(await isSticker(animation, makeAnimation(1000, { w: 512, h: 512 }))).toBe(false);
    expect(await isSticker(animation, gzipSync(JSON.stringify({ tgs: 1, w: 512, h: 512, nm: 'a'.repeat(2_000_000) })))).toBe(false);
    expect(await isSticker('video/webm', makeFile(1000).bytes)).toBe(false);
    expect(await isSticker('video/webm', makeFile(1000).bytes, video)).toBe(false);
    expect(await isSticker('video/webm', readSample('film.mp4'), video)).toBe(false);
    expect(await isSticker('image/gif', readSample('dance.gif'))).toBe(false);
    expect(await isSticker('video/webm', readSample('film.webm'), video)).toBe(false);
    expect(await isSticker('video/webm', readSample('sticker.webm'), video)).toBe(true);
    expect(await isSticker('video/webm', readSample('sticker.webm'))).toBe(true);
  });

  test('are nothing else besides: no voice messages, videos or music, and they have no lifetime', async () => {
    const peer = alice.main.inputPeer(bob.id);
    const voice: tl.TypeDocumentAttribute = { _: 'documentAttributeAudio', voice: true, duration: 1 };
    const round: tl.TypeDocumentAttribute = { _: 'documentAttributeVideo', roundMessage: true, duration: 2, w: 64, h: 64 };
    const picture = { mimeType: 'image/webp', bytes: await makePicture(64, 64, 'webp'), attributes: [SIZE, voice, says('')] };
    const moving = { mimeType: 'video/webm', bytes: readSample('round-sticker.webm'), attributes: [round, { _: 'documentAttributeAnimated' } as const, says('')] };
    expect((await send(alice, peer, picture)).attributes.map(({ _ }) => _).toSorted()).toEqual(['documentAttributeImageSize', 'documentAttributeSticker']);
    const shown = await send(alice, peer, moving);
    expect(shown.attributes.map(({ _ }) => _).toSorted()).toEqual(['documentAttributeSticker', 'documentAttributeVideo']);
    expect(shown.attributes.find((attribute) => attribute._ === 'documentAttributeVideo')!.roundMessage).toBe(false);
    for (const { bytes, ...file } of [picture, moving]) {
      const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(alice.main, { bytes, name: 'sticker' }), ...file, ttlSeconds: 10 };
      expect((await alice.main.fails({ _: 'messages.sendMedia', peer, media, message: '', randomId: Long.ONE })).text).toBe('TTL_MEDIA_INVALID');
    }
  });

  test('need the right to send stickers in a group', async () => {
    const group = await createChannel(alice, 'megagroup', 'No stickers');
    await inviteTo(alice, group, [bob]);
    await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(group), bannedRights: { _: 'chatBannedRights', sendStickers: true, untilDate: 0 } });
    const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(bob.main, { bytes: await makePicture(100, 100, 'webp'), name: 'sticker' }), mimeType: 'image/webp', attributes: [SIZE, says('👍')] };
    const error = await bob.main.fails({ _: 'messages.sendMedia', peer: bob.main.inputPeer(group), media, message: '', randomId: Long.ONE });
    expect(error.text).toBe('CHAT_SEND_STICKERS_FORBIDDEN');
  });
});

describe('lists of stickers', () => {
  test('favourites: ten, newest first, with their emoji, told to the other devices', async () => {
    const other = await alice.device();
    const stickers: tl.RawDocument[] = [];
    for (const alt of ['1️⃣', '', '', '', '', '', '2️⃣', '3️⃣', '2️⃣', '', '🌱']) stickers.push(await sendSticker(alt));
    await verifyUpdates([alice], async () => {
      for (const sticker of stickers) await alice.main.change({ _: 'messages.faveSticker', id: inputOf(sticker), unfave: false });
      await other.seesUpdate('updateFavedStickers', () => true);
    });
    const list = await faved(other);
    const newestFirst = stickers.slice(1).reverse();
    expect(idsOf(list.stickers)).toEqual(idsOf(newestFirst));
    expect(list.packs.map(({ emoticon, documents }) => [emoticon, documents.map(String)])).toEqual([
      ['🌱', idsOf([stickers[10]!])], ['2️⃣', idsOf([stickers[8]!, stickers[6]!])], ['3️⃣', idsOf([stickers[7]!])],
    ]);
    expect(await other.call({ _: 'messages.getFavedStickers', hash: list.hash })).toEqual({ _: 'messages.favedStickersNotModified' });
    await alice.main.change({ _: 'messages.faveSticker', id: inputOf(stickers[10]!), unfave: true });
    expect(idsOf((await faved(alice.main)).stickers)).toEqual(idsOf(newestFirst.slice(1)));
  });

  test('recent ones are those that were sent last, and have dates; those put on pictures are a list of their own, and each can be cleared', async () => {
    await alice.main.change({ _: 'messages.clearRecentStickers' });
    const other = await alice.device();
    const [first, second] = await verifyUpdates([alice], async () => {
      const sent = [await sendSticker('🐟'), await sendSticker('🐠')] as const;
      await other.seesUpdate('updateRecentStickers', () => true);
      return sent;
    });
    expect(idsOf((await recent(other)).stickers)).toEqual(idsOf([second, first]));
    await alice.main.change({ _: 'messages.saveRecentSticker', id: inputOf(first), unsave: false });
    await alice.main.change({ _: 'messages.saveRecentSticker', attached: true, id: inputOf(second), unsave: false });
    const list = await recent(other);
    expect(idsOf(list.stickers)).toEqual(idsOf([first, second]));
    expect(list.dates.map((date) => Math.abs(date - Date.now() / 1000) < 300)).toEqual([true, true]);
    expect((await recent(bob.main)).stickers).toEqual([]);
    expect(idsOf((await recent(other, true)).stickers)).toEqual(idsOf([second]));
    await alice.main.change({ _: 'messages.clearRecentStickers' });
    expect((await recent(other)).stickers).toEqual([]);
    expect(idsOf((await recent(other, true)).stickers)).toEqual(idsOf([second]));
  });

  test('keep what is deleted elsewhere, and only for their owner', async () => {
    const file = { bytes: await makePicture(512, 512, 'webp'), name: 'sticker' };
    const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(bob.main, file), mimeType: 'image/webp', attributes: [SIZE, says('🦊')] };
    const msgId = await sendMedia(bob.main, media, { peer: bob.main.inputPeer(alice.id) });
    await bob.main.change({ _: 'messages.deleteMessages', id: [msgId], revoke: true });
    const [kept] = (await recent(bob.main)).stickers as tl.RawDocument[];
    expect(hashOf(await download(bob.main, kept!))).toBe(hashOf(file.bytes));
    expect(await failsToLoad(alice.main, kept!)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('hold stickers only', async () => {
    const plain = await send(alice, alice.main.inputPeer(bob.id), { attributes: [SIZE] });
    const refused = async (request: tl.RpcMethod): Promise<string> => (await alice.main.fails(request)).text;
    expect(await refused({ _: 'messages.faveSticker', id: inputOf(plain), unfave: false })).toBe('STICKER_ID_INVALID');
    expect(await refused({ _: 'messages.saveRecentSticker', id: inputOf(plain), unsave: false })).toBe('STICKER_ID_INVALID');
    expect(await refused({ _: 'messages.saveRecentSticker', id: { _: 'inputDocumentEmpty' }, unsave: false })).toBe('STICKER_ID_INVALID');
    expect(await refused({ _: 'messages.faveSticker', id: { ...inputOf(plain), accessHash: Long.ONE }, unfave: false })).toBe('STICKER_ID_INVALID');
  });
});
