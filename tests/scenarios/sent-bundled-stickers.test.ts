import { Long, type tl } from '@mtcute/node';
import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel, inviteTo } from './channel-stage.ts';
import { checkMessageFiles, documentInPost, documentOf, download, postDocument, sendMedia } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

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

const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });
const mediaOf = (document: tl.RawDocument): tl.RawInputMediaDocument => ({ _: 'inputMediaDocument', id: inputOf(document) });

async function findSet(device: Device, stickerset: tl.TypeInputStickerSet): Promise<tl.messages.RawStickerSet> {
  return (await device.call({ _: 'messages.getStickerSet', stickerset, hash: 0 })) as tl.messages.RawStickerSet;
}

async function firstOf(shortName: string, device = alice.main): Promise<tl.RawDocument> {
  return (await findSet(device, { _: 'inputStickerSetShortName', shortName })).documents[0] as tl.RawDocument;
}

function setOf(document: tl.RawDocument): tl.TypeInputStickerSet {
  for (const attribute of document.attributes) if ('stickerset' in attribute) return attribute.stickerset;
  throw new Error('the document names no set');
}

const idsOf = (answer: object): string[] => ('stickers' in answer ? (answer.stickers as tl.TypeDocument[]).map(({ id }) => id.toString()) : []);
const recents = async (device: Device): Promise<string[]> => idsOf(await device.call({ _: 'messages.getRecentStickers', hash: Long.ZERO }));
const faved = async (device: Device): Promise<string[]> => idsOf(await device.call({ _: 'messages.getFavedStickers', hash: Long.ZERO }));

test.each(['AerogramFaces', 'AnimatedEmojies', 'AerogramFaceEmoji', 'AerogramIcons'])('a document of %s is sent, and whoever gets it loads it, finds its set, and sends it on', async (shortName) => {
  const document = await firstOf(shortName);
  const id = await sendMedia(alice.main, mediaOf(document), { peer: alice.main.inputPeer(bob.id) });
  expect(await documentOf(alice.main, id)).toEqual(document);
  const got = await bob.main.call({ _: 'messages.getHistory', peer: bob.main.inputPeer(alice.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
  const message = ('messages' in got ? got.messages[0] : undefined) as tl.RawMessage;
  const seen = (message.media as tl.RawMessageMediaDocument).document as tl.RawDocument;
  expect(seen).toEqual(document);
  expect(await download(bob.main, seen)).toHaveLength(document.size);
  expect((await findSet(bob.main, setOf(seen))).set.shortName).toBe(shortName);
  // It is sent on as a copy and as a forward.
  expect(await documentOf(bob.main, await sendMedia(bob.main, mediaOf(seen), { peer: { _: 'inputPeerSelf' } }))).toEqual(document);
  await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), id: [message.id], randomId: [Long.fromNumber(message.id)], toPeer: { _: 'inputPeerSelf' } });
  const saved = await bob.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
  expect(saved).toMatchObject({ messages: [{ fwdFrom: {}, media: { document: { id: document.id, accessHash: document.accessHash } } }] });
});

test('a post in a channel shows the same sticker to all', async () => {
  const news = await createChannel(alice, 'broadcast', 'News');
  await inviteTo(alice, news, [bob]);
  const document = await firstOf('AerogramAnimals');
  const id = await postDocument(alice.main, mediaOf(document), { peer: alice.main.inputPeer(news) });
  for (const actor of [alice, bob]) {
    const seen = await documentInPost(actor, news, id);
    expect(seen).toEqual(document);
    expect((await findSet(actor.main, setOf(seen))).set.shortName).toBe('AerogramAnimals');
  }
});

test('a sticker that was sent is a recent one, and can be a favourite; both are told to the other devices', async () => {
  const [first, second] = [await firstOf('AerogramFaces'), await firstOf('AerogramAnimals')];
  const other = await alice.device();
  await verifyUpdates([alice], async () => {
    for (const one of [first, second]) await sendMedia(alice.main, mediaOf(one), { peer: { _: 'inputPeerSelf' } });
    for (let n = 0; n < 2; n++) await alice.main.change({ _: 'messages.faveSticker', id: inputOf(second), unfave: false });
    await other.seesUpdate('updateFavedStickers');
  });
  const ids = [second, first].map(({ id }) => id.toString());
  expect((await recents(other)).slice(0, 2)).toEqual(ids);
  expect(await faved(other)).toEqual(ids.slice(0, 1));
  const list = await other.call({ _: 'messages.getFavedStickers', hash: Long.ZERO });
  expect(list).toMatchObject({ packs: [{ emoticon: '🐶' }], stickers: [second] });
  await alice.main.change({ _: 'messages.faveSticker', id: inputOf(second), unfave: true });
  await alice.main.change({ _: 'messages.saveRecentSticker', id: inputOf(second), unsave: true });
  expect(await faved(other)).toEqual([]);
  expect((await recents(other))[0]).toBe(first.id.toString());
  // Custom emoji are none of the stickers.
  expect((await alice.main.fails({ _: 'messages.faveSticker', id: inputOf(await firstOf('AerogramIcons')), unfave: false })).text).toBe('STICKER_ID_INVALID');
});

test('a document is not taken without its access hash and reference; it needs no row', async () => {
  const document = await firstOf('AerogramFaces');
  const fails = async (more: Partial<tl.RawInputDocument>): Promise<string> =>
    (await alice.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaDocument', id: { ...inputOf(document), ...more } }, message: '', randomId: Long.ONE })).text;
  expect(await fails({ accessHash: Long.ONE })).toBe('DOCUMENT_INVALID');
  expect(await fails({ fileReference: new Uint8Array() })).toBe('FILE_REFERENCE_EMPTY');
  expect(await fails({ fileReference: new Uint8Array(9) })).toBe('FILE_REFERENCE_INVALID');
  await checkMessageFiles(scenario.server.db);
});
