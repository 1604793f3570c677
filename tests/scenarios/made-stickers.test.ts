import { gzipSync } from 'node:zlib';
import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createChannel, inviteTo } from './channel-stage.ts';
import { documentIn, documentOf, download, sendMedia, upload } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let alice: Actor;
let bob: Actor;
let main: Device;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
beforeEach(async () => {
  [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  ({ main } = alice);
});

/** The call of a device is refused with this error. */
async function refused(device: Device, error: string, request: tl.RpcMethod): Promise<void> {
  expect((await device.fails(request)).text).toBe(error);
}

let names = 0;
const newName = (): string => `pack_number${names++}`;
const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });
const named = (shortName: string): tl.RawInputStickerSetShortName => ({ _: 'inputStickerSetShortName', shortName });
const idsOf = ({ documents }: tl.messages.RawStickerSet): string[] => documents.map(({ id }) => id.toString());

/** Uploads a file as official clients do for a sticker set. */
async function uploaded(bytes: Buffer, mimeType: string, device = main): Promise<tl.RawInputDocument> {
  const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(device, { bytes, name: 'sticker' }), mimeType, attributes: [] };
  const made = (await device.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media })) as tl.RawMessageMediaDocument;
  return inputOf(made.document as tl.RawDocument);
}
let shades = 0;
/** A picture that no other test has. */
const picture = async (width = 512, height = 300, device = main): Promise<tl.RawInputDocument> => uploaded(await makePicture(width, height - (shades++ % 2), 'png'), 'image/png', device);
const square = async (side: number): Promise<tl.RawInputDocument> => uploaded(await makePicture(side, side, 'png'), 'image/png');
const item = (document: tl.RawInputDocument, emoji = '🐙', more: Partial<tl.RawInputStickerSetItem> = {}): tl.RawInputStickerSetItem => ({ _: 'inputStickerSetItem', document, emoji, ...more });

async function create(shortName: string, stickers: tl.RawInputStickerSetItem[], more: { masks?: true; emojis?: true; textColor?: true; title?: string; device?: Device } = {}): Promise<tl.messages.RawStickerSet> {
  const { device = main, title = 'Octopuses', ...flags } = more;
  return (await device.change({ _: 'stickers.createStickerSet', userId: { _: 'inputUserSelf' }, title, shortName, stickers, ...flags })) as unknown as tl.messages.RawStickerSet;
}
const find = async (shortName: string, device = main): Promise<tl.messages.RawStickerSet> => (await device.call({ _: 'messages.getStickerSet', stickerset: named(shortName), hash: 0 })) as tl.messages.RawStickerSet;

/** Whether a document is a WebP file. */
const isWebp = async (device: Device, document: tl.RawDocument): Promise<boolean> => Buffer.from(await download(device, document)).subarray(8, 12).toString() === 'WEBP';

/** An animation as sets have them. */
const animation = (more: object = {}): Buffer => gzipSync(JSON.stringify({ tgs: 1, v: '5.5.2', fr: 60, ip: 0, op: 180, w: 512, h: 512, layers: [], ...more }));

/** Whatever somebody makes of a set, clients can rely on these. */
function checkSet({ set, packs, keywords, documents }: tl.messages.RawStickerSet): void {
  expect([set.count, set.hash !== 0]).toEqual([documents.length, true]);
  const ids = new Set(documents.map(({ id }) => id.toString()));
  for (const { emoticon, documents: inPack } of packs) expect([emoticon !== '', inPack.every((id) => ids.has(id.toString()))]).toEqual([true, true]);
  for (const { documentId } of keywords) expect(ids.has(documentId.toString())).toBe(true);
  for (const document of documents) {
    if (document._ !== 'document') throw new Error(document._);
    const about = document.attributes.find((one) => one._ === 'documentAttributeSticker' || one._ === 'documentAttributeCustomEmoji');
    expect(about?.stickerset).toEqual({ _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash });
    expect(document.attributes.some(({ _ }) => _ === 'documentAttributeImageSize' || _ === 'documentAttributeVideo')).toBe(true);
    expect(['image/webp', 'application/x-tgsticker', 'video/webm']).toContain(document.mimeType);
  }
}

describe('a set that somebody makes', () => {
  test('has WebP pictures, emoji and words, is installed on top on all devices, and others find it by its name', async () => {
    const name = newName();
    const other = await alice.device();
    const made = await create(name, [item(await picture(), '🐙🦑', { keywords: 'sea, Ocean,,sea' }), item(await uploaded(animation(), 'application/x-tgsticker'), '😀')]);
    checkSet(made);
    expect(made.set).toMatchObject({ title: 'Octopuses', shortName: name, creator: true, official: false, count: 2 });
    expect(made.packs.map(({ emoticon, documents }) => [emoticon, documents.length])).toEqual([['🐙', 1], ['🦑', 1], ['😀', 1]]);
    expect(made.keywords).toEqual([{ _: 'stickerKeyword', documentId: made.documents[0]!.id, keyword: ['sea', 'ocean'] }]);
    expect(made.documents.map((one) => (one as tl.RawDocument).mimeType)).toEqual(['image/webp', 'application/x-tgsticker']);
    // The still of an animation is that of its emoji, which the server has.
    for (const document of made.documents) expect((document as tl.RawDocument).thumbs).toMatchObject([{ _: 'photoSize', type: 'm' }]);
    await other.seesUpdate('updateStickerSets', (update) => !update.emojis);
    const all = (await other.call({ _: 'messages.getAllStickers', hash: Long.ZERO })) as tl.messages.RawAllStickers;
    expect(all.sets[0]!.shortName).toBe(name);

    const seen = await find(name.toUpperCase(), bob.main);
    checkSet(seen);
    expect(seen.set).toMatchObject({ creator: false, installedDate: undefined });
    expect(idsOf(seen)).toEqual(idsOf(made));
    expect(await isWebp(bob.main, seen.documents[0] as tl.RawDocument)).toBe(true);
    expect(await bob.main.call({ _: 'messages.getStickerSet', stickerset: named(name), hash: seen.set.hash })).toEqual({ _: 'messages.stickerSetNotModified' });
  });

  test('is searched by who has it, not by others', async () => {
    const name = newName();
    const { set } = await create(name, [item(await picture(), '🐙')], { title: 'Zebra octopus' });
    const search = async (device: Device, q: string): Promise<string[]> => ((await device.call({ _: 'messages.searchStickerSets', q, hash: Long.ZERO })) as tl.messages.RawFoundStickerSets).sets.map((one) => one.set.shortName);
    expect(await search(main, 'zebra')).toEqual([name]);
    expect(await search(bob.main, 'zebra')).toEqual([]);
    expect(await search(bob.main, name)).toEqual([name]);
    await bob.main.call({ _: 'messages.installStickerSet', stickerset: { _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash }, archived: false });
    expect(await search(bob.main, 'zebra')).toEqual([name]);
    const found = (await bob.main.call({ _: 'messages.getStickers', emoticon: '🐙', hash: Long.ZERO })) as tl.messages.RawStickers;
    expect(found.stickers[0]).toMatchObject({ mimeType: 'image/webp' });
    // The id alone is not enough.
    await refused(bob.main, 'STICKERSET_INVALID', { _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetID', id: set.id, accessHash: Long.ONE }, hash: 0 });
  });

  test('is changed by its maker alone, and each change makes another version', async () => {
    const name = newName();
    let before = await create(name, [item(await picture(), '🐙'), item(await picture(), '🦑')]);
    const [first, second] = before.documents as [tl.RawDocument, tl.RawDocument];
    const changed = async (request: tl.RpcMethod): Promise<tl.messages.RawStickerSet> => {
      const after = (await main.call(request as never)) as tl.messages.RawStickerSet;
      checkSet(after);
      expect(after.set.hash).not.toBe(before.set.hash);
      expect(idsOf(await find(name))).toEqual(idsOf(after));
      before = after;
      return after;
    };
    const added = item(await picture(), '🐠');
    expect(await changed({ _: 'stickers.addStickerToSet', stickerset: named(name), sticker: added })).toMatchObject({ set: { count: 3 } });
    // A call that is repeated adds nothing.
    expect(await main.call({ _: 'stickers.addStickerToSet', stickerset: named(name), sticker: added })).toMatchObject({ set: { count: 3 } });
    expect(idsOf(await changed({ _: 'stickers.changeStickerPosition', sticker: inputOf(first), position: 1 })).slice(0, 2)).toEqual([second.id.toString(), first.id.toString()]);
    expect((await changed({ _: 'stickers.changeSticker', sticker: inputOf(first), emoji: '🐡', keywords: 'puffer' })).packs.map(({ emoticon }) => emoticon)).toContain('🐡');
    expect((before.documents[1] as tl.RawDocument).attributes).toContainEqual(expect.objectContaining({ _: 'documentAttributeSticker', alt: '🐡' }));
    expect((await changed({ _: 'stickers.renameStickerSet', stickerset: named(name), title: ' Fish ' })).set.title).toBe('Fish');
    expect(idsOf(await changed({ _: 'stickers.replaceSticker', sticker: inputOf(second), newSticker: item(await picture(), '🦐') }))).not.toContain(second.id.toString());
    expect(await changed({ _: 'stickers.removeStickerFromSet', sticker: inputOf(first) })).toMatchObject({ set: { count: 2 } });
    await refused(main, 'STICKER_INVALID', { _: 'stickers.removeStickerFromSet', sticker: inputOf(first) });

    const [left] = before.documents as [tl.RawDocument];
    await refused(bob.main, 'STICKERSET_INVALID', { _: 'stickers.renameStickerSet', stickerset: named(name), title: 'Mine' });
    await refused(bob.main, 'STICKERSET_INVALID', { _: 'stickers.removeStickerFromSet', sticker: inputOf(left) });
    await refused(bob.main, 'STICKERSET_INVALID', { _: 'stickers.addStickerToSet', stickerset: named(name), sticker: item(await picture(512, 300, bob.main)) });
    await refused(bob.main, 'STICKERSET_INVALID', { _: 'stickers.deleteStickerSet', stickerset: named(name) });
    await refused(main, 'STICKERSET_INVALID', { _: 'stickers.renameStickerSet', stickerset: named('AerogramFaces'), title: 'Mine' });
  });

  test('goes when it is deleted; messages that show its stickers keep them, and its name is held for its owner', async () => {
    const name = newName();
    const { documents: [sticker] } = await create(name, [item(await picture())]);
    const sent = await documentOf(main, await sendMedia(main, { _: 'inputMediaDocument', id: inputOf(sticker as tl.RawDocument) }, { peer: main.inputPeer(bob.id) }));
    const { messages: [message] } = (await bob.main.call({ _: 'messages.getHistory', peer: bob.main.inputPeer(alice.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
    const received = documentIn((message as tl.RawMessage).media);
    const about = received.attributes.find(({ _ }) => _ === 'documentAttributeSticker') as tl.RawDocumentAttributeSticker;
    expect(sent.id).toEqual((sticker as tl.RawDocument).id);
    expect(await bob.main.call({ _: 'messages.getStickerSet', stickerset: about.stickerset, hash: 0 })).toMatchObject({ set: { shortName: name } });
    expect(await main.call({ _: 'stickers.deleteStickerSet', stickerset: named(name) })).toBe(true);
    await refused(main, 'STICKERSET_INVALID', { _: 'messages.getStickerSet', stickerset: named(name), hash: 0 });
    expect(await isWebp(bob.main, received)).toBe(true);
    expect((await main.call({ _: 'messages.getAllStickers', hash: Long.ZERO })) as tl.messages.RawAllStickers).toMatchObject({ sets: [{ shortName: 'AerogramFaces' }, { shortName: 'AerogramAnimals' }] });
    await refused(bob.main, 'SHORT_NAME_OCCUPIED', { _: 'stickers.checkShortName', shortName: name });
    expect(await main.call({ _: 'stickers.checkShortName', shortName: name })).toBe(true);
  });

  test('own sets are listed a page at a time', async () => {
    const [first, second] = [newName(), newName()];
    for (const name of [first, second]) await create(name, [item(await picture())]);
    const list = async (limit: number, offsetId = Long.ZERO): Promise<tl.messages.RawMyStickers> => main.call({ _: 'messages.getMyStickers', offsetId, limit });
    const all = await list(10);
    expect([all.count, all.sets.map(({ set }) => set.shortName).toSorted()]).toEqual([2, [first, second].toSorted()]);
    expect((await list(10, all.sets[0]!.set.id)).sets.map(({ set }) => set.shortName)).toEqual([all.sets[1]!.set.shortName]);
    expect((await list(0)).sets.length).toBeGreaterThan(0);
  });

  test('a call that is repeated gets the set that was made', async () => {
    const name = newName();
    const stickers = [item(await picture()), item(await picture(), '🦑')];
    const first = await create(name, stickers);
    expect(idsOf(await create(name, stickers))).toEqual(idsOf(first));
    await refused(main, 'PACK_SHORT_NAME_OCCUPIED', { _: 'stickers.createStickerSet', userId: { _: 'inputUserSelf' }, title: 'Other', shortName: name, stickers: [item(await picture())] });
  });
});

describe('what is refused', () => {
  test('names, titles and lists', async () => {
    const stickers = [item(await picture())];
    const fails = (error: string, more: Partial<tl.stickers.RawCreateStickerSetRequest>): Promise<void> => refused(main, error, { _: 'stickers.createStickerSet', userId: { _: 'inputUserSelf' }, title: 'A', shortName: newName(), stickers, ...more });
    for (const shortName of ['', '1a', 'a__b', 'a_', 'a b', 'é', 'a'.repeat(65), 'pack_by_somebot']) await fails('PACK_SHORT_NAME_INVALID', { shortName });
    for (const shortName of ['AerogramFaces', 'animatedemojies', 'aerogram_new']) await fails('PACK_SHORT_NAME_OCCUPIED', { shortName });
    for (const title of ['', ' \u200d', 'a'.repeat(65)]) await fails('PACK_TITLE_INVALID', { title });
    await fails('STICKERS_EMPTY', { stickers: [] });
    await fails('STICKERS_TOO_MUCH', { stickers: Array.from({ length: 51 }, () => stickers[0]!) });
    for (const emoji of ['', 'a', '🐙a', '🐙'.repeat(600)]) await fails('STICKER_EMOJI_INVALID', { stickers: [{ ...stickers[0]!, emoji }] });
    await fails('USER_ID_INVALID', { userId: main.inputUser(bob.id) });
    await refused(main, 'SHORT_NAME_OCCUPIED', { _: 'stickers.checkShortName', shortName: 'aerogramfaces' });
    await refused(main, 'SHORT_NAME_INVALID', { _: 'stickers.checkShortName', shortName: '_' });
    const { shortName } = await main.call({ _: 'stickers.suggestShortName', title: 'Мои лица! 2' });
    expect(shortName).toBe('moi_lica_2');
  });

  test('files that are no stickers', async () => {
    const fails = async (error: string, document: tl.RawInputDocument, more: { emojis?: true; masks?: true } = {}): Promise<void> =>
      refused(main, error, { _: 'stickers.createStickerSet', userId: { _: 'inputUserSelf' }, title: 'A', shortName: newName(), stickers: [item(document)], ...more });
    await fails('STICKER_PNG_DIMENSIONS', await picture(500, 300));
    await fails('STICKER_PNG_DIMENSIONS', await picture(512, 300), { emojis: true });
    await fails('STICKER_PNG_NOPNG', await uploaded(Buffer.from('text'), 'image/png'));
    for (const more of [{ op: 181 }, { fr: 25 }, { w: 511 }, { assets: [{ p: 'x.png', u: '' }] }, { layers: [{ ks: { o: { x: 'fetch()' } } }] }, { layers: JSON.parse('['.repeat(70) + ']'.repeat(70)) as object }]) {
      await fails('STICKER_TGS_NOTGS', await uploaded(animation(more), 'application/x-tgsticker'));
    }
    await fails('STICKER_TGS_NOTGS', await uploaded(animation(), 'application/x-tgsticker'), { masks: true });
    await fails('STICKER_VIDEO_NOWEBM', await uploaded(Buffer.from('no video'), 'video/webm'));
    await fails('STICKER_FILE_INVALID', { ...(await picture()), accessHash: Long.ONE });
    // What bob has uploaded is his alone.
    await fails('FILE_REFERENCE_EXPIRED', await picture(512, 300, bob.main));
  });
});

test('a supergroup offers a set to its members, and its log says so', async () => {
  const [name, emojiName] = [newName(), newName()];
  const { set } = await create(name, [item(await picture())]);
  await create(emojiName, [item(await square(100))], { emojis: true });
  const id = await createChannel(alice);
  await inviteTo(alice, id, [bob]);
  const fullFor = async ({ main: device }: Actor): Promise<tl.RawChannelFull> => (await device.call({ _: 'channels.getFullChannel', channel: device.inputChannel(id) })).fullChat as tl.RawChannelFull;
  const channel = main.inputChannel(id);
  // Members may change what others see of a group unless that is taken away.
  await main.change({ _: 'messages.editChatDefaultBannedRights', peer: main.inputPeer(id), bannedRights: { _: 'chatBannedRights', changeInfo: true, untilDate: 0 } });
  expect([(await fullFor(alice)).canSetStickers, (await fullFor(bob)).canSetStickers]).toEqual([true, false]);
  await refused(main, 'STICKERSET_INVALID', { _: 'channels.setStickers', channel, stickerset: named(emojiName) });
  await refused(bob.main, 'CHAT_ADMIN_REQUIRED', { _: 'channels.setStickers', channel: bob.main.inputChannel(id), stickerset: named(name) });
  for (let n = 0; n < 2; n++) expect(await main.call({ _: 'channels.setStickers', channel, stickerset: named(name) })).toBe(true);
  expect(await main.call({ _: 'channels.setEmojiStickers', channel, stickerset: named(emojiName) })).toBe(true);
  expect(await fullFor(bob)).toMatchObject({ stickerset: { shortName: name, creator: false }, emojiset: { shortName: emojiName } });
  const { events } = await main.call({ _: 'channels.getAdminLog', channel, q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 3 });
  const wanted: tl.RawInputStickerSetID = { _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash };
  expect(events.map(({ action }) => action)).toMatchObject([{ _: 'channelAdminLogEventActionChangeEmojiStickerSet' }, { _: 'channelAdminLogEventActionChangeStickerSet', prevStickerset: { _: 'inputStickerSetEmpty' }, newStickerset: wanted }, {}]);
  expect(await main.call({ _: 'channels.setStickers', channel, stickerset: { _: 'inputStickerSetEmpty' } })).toBe(true);
  expect((await fullFor(bob)).stickerset).toBeUndefined();
});

test('custom emoji stand in texts and statuses of everybody, also after they have left their set', async () => {
  const name = newName();
  const made = await create(name, [item(await square(100), '🐙')], { emojis: true, textColor: true });
  checkSet(made);
  expect(made.set).toMatchObject({ emojis: true, textColor: true });
  const [{ id }] = made.documents as [tl.RawDocument];
  expect((made.documents[0] as tl.RawDocument).attributes).toContainEqual(expect.objectContaining({ _: 'documentAttributeCustomEmoji', free: true, textColor: true, alt: '🐙' }));
  const entities: tl.TypeMessageEntity[] = [{ _: 'messageEntityCustomEmoji', offset: 0, length: 2, documentId: id }];
  await verifyUpdates([alice, bob], async () => {
    const sent = await bob.main.change({ _: 'messages.sendMessage', peer: bob.main.inputPeer(alice.id), message: '🐙!', entities, randomId: Long.fromNumber(Date.now()) });
    expect(sent).toMatchObject({ entities });
    const { id: msgId } = sent as tl.RawUpdateShortSentMessage;
    const reaction: tl.TypeReaction[] = [{ _: 'reactionCustomEmoji', documentId: id }];
    await bob.main.change({ _: 'messages.sendReaction', peer: bob.main.inputPeer(alice.id), msgId, reaction });
    await main.seesUpdate('updateMessageReactions', ({ reactions }) => reactions.results[0]?.reaction._ === 'reactionCustomEmoji');
    await refused(bob.main, 'REACTION_INVALID', { _: 'messages.sendReaction', peer: bob.main.inputPeer(alice.id), msgId, reaction: [{ _: 'reactionCustomEmoji', documentId: Long.fromNumber(77) }] });
  });
  await main.call({ _: 'stickers.removeStickerFromSet', sticker: inputOf(made.documents[0] as tl.RawDocument) });
  const [emoji, none] = await bob.main.call({ _: 'messages.getCustomEmojiDocuments', documentId: [id, Long.fromNumber(5)] });
  expect([emoji!._, none!._]).toEqual(['document', 'documentEmpty']);
  expect(await isWebp(bob.main, emoji as tl.RawDocument)).toBe(true);
  expect(await bob.main.call({ _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatus', documentId: id } })).toBe(true);
  // It is the picture of somebody's profile, drawn here for apps that do not draw it themselves.
  const { photo } = await bob.main.change({ _: 'photos.uploadProfilePhoto', videoEmojiMarkup: { _: 'videoSizeEmojiMarkup', emojiId: id, backgroundColors: [0x204080] } }) as unknown as tl.photos.RawPhoto;
  expect((photo as tl.RawPhoto).videoSizes).toMatchObject([{ _: 'videoSizeEmojiMarkup', emojiId: id }]);
  // A sticker is no custom emoji.
  const stickers = await create(newName(), [item(await picture())]);
  await refused(bob.main, 'DOCUMENT_INVALID', { _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatus', documentId: stickers.documents[0]!.id } });
});

test('masks say where on a face they stand, and a set has a picture', async () => {
  const name = newName();
  const maskCoords: tl.RawMaskCoords = { _: 'maskCoords', n: 1, x: 0.5, y: -0.5, zoom: 2 };
  const made = await create(name, [item(await picture(), '🐙', { maskCoords })], { masks: true });
  checkSet(made);
  expect((made.documents[0] as tl.RawDocument).attributes).toContainEqual(expect.objectContaining({ mask: true, maskCoords }));
  const moved = await main.call({ _: 'stickers.changeSticker', sticker: inputOf(made.documents[0] as tl.RawDocument), maskCoords: { ...maskCoords, n: 3 } });
  expect(((moved as tl.messages.RawStickerSet).documents[0] as tl.RawDocument).attributes).toContainEqual(expect.objectContaining({ alt: '🐙', maskCoords: { ...maskCoords, n: 3 } }));
  const { set } = (await main.call({ _: 'stickers.setStickerSetThumb', stickerset: named(name), thumb: await square(100) })) as tl.messages.RawStickerSet;
  expect(set).toMatchObject({ thumbs: [{ type: 's', w: 100, h: 100 }], thumbVersion: expect.any(Number) as number });
  const location: tl.RawInputStickerSetThumb = { _: 'inputStickerSetThumb', stickerset: { _: 'inputStickerSetID', id: set.id, accessHash: set.accessHash }, thumbVersion: set.thumbVersion! };
  const file = (await bob.main.call({ _: 'upload.getFile', location, offset: 0, limit: 4096 })) as tl.upload.RawFile;
  expect(Buffer.from(file.bytes).subarray(8, 12).toString()).toBe('WEBP');
  expect(((await main.call({ _: 'stickers.setStickerSetThumb', stickerset: named(name) })) as tl.messages.RawStickerSet).set.thumbs).toBeUndefined();
  await refused(bob.main, 'LOCATION_INVALID', { _: 'upload.getFile', location, offset: 0, limit: 4096 });
});
