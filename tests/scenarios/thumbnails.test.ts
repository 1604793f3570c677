import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkMessageFiles, documentIn, documentOf, download, editMedia, hashOf, locationOf, makeFile, sendMedia, upload, uploadedDocument } from './file-stage.ts';
import { makePicture } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
// Each message with a document refers to it and to its thumbnail, and nothing else does.
afterEach(() => checkMessageFiles(scenario.server.db));

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  return [alice, bob];
}

/** A file with a picture as its thumbnail. */
async function withThumb(actor: Actor, file = makeFile(5000, 'film.mp4'), picture?: Buffer): Promise<tl.RawInputMediaUploadedDocument> {
  const thumb = await upload(actor.main, { bytes: picture ?? (await makePicture(320, 200)), name: 'thumb.jpg' });
  return { ...(await uploadedDocument(actor.main, file)), thumb };
}

/** Type, width and height of the thumbnails of a document. */
const thumbsOf = ({ thumbs = [] }: tl.RawDocument): unknown[] => thumbs.map((one) => ('w' in one ? `${one.type} ${one.w}x${one.h}` : one._));

/** Loads a thumbnail. @returns width and height of the picture */
async function loadThumb(actor: Actor, document: tl.RawDocument, thumbSize = 'm'): Promise<string> {
  const file = (await actor.main.call({ _: 'upload.getFile', location: { ...locationOf(document), thumbSize }, offset: 0, limit: 1_048_576 })) as tl.upload.RawFile;
  const { format, width, height } = await sharp(file.bytes).metadata();
  return `${file.type._} ${format} ${width}x${height}`;
}

const MEDIUM = ['photoStrippedSize', 'm 320x200'];

test('a document with a thumbnail is sent, loaded, forwarded and edited', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  const file = makeFile(5000);
  await verifyUpdates([alice, bob], async () => {
    const id = await sendMedia(alice.main, await withThumb(alice, file, await makePicture(640, 400)), { peer, caption: 'a film' });
    const seen = await bob.sees('a film');
    const document = await documentOf(bob.main, seen.id);
    expect(thumbsOf(document)).toEqual(MEDIUM);
    expect(await loadThumb(bob, document)).toBe('storage.fileJpeg jpeg 320x200');
    expect(hashOf(await download(bob.main, document))).toBe(hashOf(file.bytes));
    const forwarded = await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), id: [seen.id], randomId: [randomLong()], toPeer: { _: 'inputPeerSelf' } });
    const own = (forwarded as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
    await editMedia(alice.main, await withThumb(alice, makeFile(100), await makePicture(90, 60)), { peer, id, caption: 'another film' });
    await bob.sees('another film');
    const edited = await documentOf(bob.main, seen.id);
    expect(thumbsOf(edited)).toEqual(['photoStrippedSize', 's 90x60']);
    expect(await loadThumb(bob, edited, 's')).toBe('storage.fileJpeg jpeg 90x60');
    // Bob's copy still has the first one.
    expect(await loadThumb(bob, await documentOf(bob.main, own))).toBe('storage.fileJpeg jpeg 320x200');
  });
});

test('a thumbnail can be loaded as long as the document', async () => {
  const [alice, bob] = await pair();
  const mallory = await scenario.world.user('Mallory');
  const id = await sendMedia(alice.main, await withThumb(alice), { peer: alice.main.inputPeer(bob.id), caption: 'for you' });
  const document = await documentOf(bob.main, (await bob.sees('for you')).id);
  const fails = async (actor: Actor, thumbSize: string): Promise<string> => (await actor.main.fails({ _: 'upload.getFile', location: { ...locationOf(document), thumbSize }, offset: 0, limit: 4096 })).text;
  expect(await fails(mallory, 'm')).toBe('FILE_REFERENCE_EXPIRED');
  for (const type of ['i', 's', 'x']) expect(await fails(bob, type)).toBe('LOCATION_INVALID');
  await alice.main.change({ _: 'messages.deleteMessages', id: [id], revoke: true });
  await expect.poll(() => fails(bob, 'm').catch(() => 'loaded'), { timeout: 5000, interval: 200 }).toBe('FILE_REFERENCE_EXPIRED');
});

test('a repeated upload gives the same document, with its thumbnail', async () => {
  const [alice] = await pair();
  const media = await withThumb(alice);
  const call = async (): Promise<tl.RawDocument> => documentIn(await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media }));
  const first = await call();
  expect(thumbsOf(first)).toEqual(MEDIUM);
  expect(await loadThumb(alice, first)).toBe('storage.fileJpeg jpeg 320x200');
  const again = await call();
  expect(again.id).toEqual(first.id);
  expect(await loadThumb(alice, again)).toBe('storage.fileJpeg jpeg 320x200');
});

test('a thumbnail that cannot be read is left out', async () => {
  const [alice] = await pair();
  for (const picture of [makeFile(500).bytes, await makePicture(50, 50, 'gif'), await makePicture(2100, 10)]) {
    const id = await sendMedia(alice.main, await withThumb(alice, makeFile(100), picture), { peer: { _: 'inputPeerSelf' } });
    expect(thumbsOf(await documentOf(alice.main, id))).toEqual([]);
  }
});
