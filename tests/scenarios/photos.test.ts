import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { checkMessageFiles, editMedia, makeFile, postDocument, sendMedia, upload, uploadedDocument } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { loadSize, loadSizes, makePicture, mediaNow, photoIn, postedMedia, sizeLocation, sizesOf, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
// Each message with a photo refers to it, and nothing else does.
afterEach(() => checkMessageFiles(scenario.server.db));

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  return [alice, bob];
}

const inputOf = ({ id, accessHash, fileReference }: tl.RawPhoto): tl.RawInputPhoto => ({ _: 'inputPhoto', id, accessHash, fileReference });
const LARGE = ['s 100x75', 'm 320x240', 'x 800x600', 'y 1280x960', 'w 2560x1920'];

test('a photo with a caption reaches the other user in all sizes, with a preview in the message', async () => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    const media = { ...(await uploadedPhoto(alice.main, await makePicture(4000, 3000))), spoiler: true };
    const id = await sendMedia(alice.main, media, { peer: alice.main.inputPeer(bob.id), caption: 'the sea' });
    const seen = await mediaNow(bob.main, (await bob.sees('the sea')).id);
    expect(seen).toMatchObject({ _: 'messageMediaPhoto', spoiler: true });
    const photo = photoIn(seen);
    expect(sizesOf(photo)).toEqual(LARGE);
    expect(photo.sizes[0]).toMatchObject({ _: 'photoStrippedSize', type: 'i' });
    expect(photo.sizes.filter(({ _ }) => _ === 'photoSizeProgressive')).toHaveLength(3);
    expect(await loadSizes(bob.main, photo)).toEqual(LARGE);
    expect(await loadSizes(alice.main, photoIn(await mediaNow(alice.main, id)))).toEqual(LARGE);
  });
});

test('a push brings everything that is needed to load the photo', async () => {
  const [alice, bob] = await pair();
  await sendMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(500, 400, 'png'), 'a.png'), { peer: alice.main.inputPeer(bob.id), caption: 'look' });
  const { message } = await bob.main.seesUpdate('updateNewMessage', (update) => update.message._ === 'message' && update.message.message === 'look');
  const photo = photoIn(message._ === 'message' ? message.media : undefined);
  expect(await loadSizes(bob.main, photo)).toEqual(['s 100x80', 'm 320x256', 'x 500x400']);
});

test('a call that is repeated after its answer was lost sends nothing twice, and one with another random id sends another photo', async () => {
  const [alice, bob] = await pair();
  const media = await uploadedPhoto(alice.main, await makePicture(300, 200));
  const [peer, randomId] = [alice.main.inputPeer(bob.id), randomLong()];
  await verifyUpdates([alice, bob], async () => {
    const id = await sendMedia(alice.main, media, { peer, randomId });
    const first = photoIn(await mediaNow(alice.main, id));
    expect(await sendMedia(alice.main, media, { peer, randomId })).toBe(id);
    expect(photoIn(await mediaNow(alice.main, id)).id).toEqual(first.id);
    const other = await sendMedia(alice.main, media, { peer });
    expect(other).not.toBe(id);
    const { sizes } = photoIn(await mediaNow(alice.main, other));
    expect(sizes).toEqual(first.sizes);
  });
});

test('a photo that was uploaded before is sent, sent on and forwarded as the same photo', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const media = await uploadedPhoto(alice.main, await makePicture(1000, 800));
    const uploaded = photoIn(await alice.main.call({ _: 'messages.uploadMedia', peer, media }));
    expect(await loadSizes(alice.main, uploaded)).toEqual(sizesOf(uploaded));
    await sendMedia(alice.main, { _: 'inputMediaPhoto', id: inputOf(uploaded) }, { peer, caption: 'first' });
    const received = await bob.sees('first');
    const seen = photoIn(await mediaNow(bob.main, received.id));
    expect(seen.id).toEqual(uploaded.id);
    await bob.meet(alice);
    await sendMedia(bob.main, { _: 'inputMediaPhoto', id: inputOf(seen) }, { peer: bob.main.inputPeer(alice.id), caption: 'second' });
    expect(photoIn(await mediaNow(alice.main, (await alice.sees('second')).id)).id).toEqual(uploaded.id);
    const forwarded = await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(alice.id), id: [received.id], randomId: [randomLong()], toPeer: { _: 'inputPeerSelf' } });
    const own = (forwarded as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
    const kept = photoIn(await mediaNow(bob.main, own));
    expect(kept.id).toEqual(uploaded.id);
    expect(await loadSizes(bob.main, kept)).toEqual(sizesOf(kept));
  });
  const blobs = await scenario.server.db.q.selectFrom('documents').select('document_id').where('document_id', '=', BigInt(String((await mediaOfLast(bob)).id))).execute();
  expect(blobs).toHaveLength(1);
});

/** The photo in the last message of somebody's Saved Messages. */
async function mediaOfLast(actor: Actor): Promise<tl.RawPhoto> {
  const saved = await actor.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
  const [message] = saved._ === 'messages.messagesNotModified' ? [] : saved.messages;
  return photoIn(message?._ === 'message' ? message.media : undefined);
}

test('a photo takes the place of a document, of another photo and of a text', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const id = await sendMedia(alice.main, await uploadedDocument(alice.main, makeFile(500)), { peer, caption: 'a file' });
    await editMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(400, 300)), { peer, id, caption: 'a photo' });
    const seen = await bob.sees('a photo');
    const first = photoIn(await mediaNow(bob.main, seen.id));
    await editMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(600, 300)), { peer, id, caption: 'another photo' });
    await bob.sees('another photo');
    expect(photoIn(await mediaNow(bob.main, seen.id)).id).not.toEqual(first.id);
    const text = await alice.send(bob, 'only words');
    await editMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(600, 300)), { peer, id: text.id });
    await bob.main.waitUntil('the photo', () => bob.main.find('only words')?.media !== '');
    expect(sizesOf(photoIn(await mediaNow(bob.main, (await bob.sees('only words')).id)))).toContain('x 600x300');
  });
});

test('photos are found by their kind and counted', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  const id = await sendMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(200, 200)), { peer, caption: 'mountain' });
  await sendMedia(alice.main, await uploadedDocument(alice.main, makeFile(100)), { peer, caption: 'mountain of papers' });
  const counted = async (filter: tl.TypeMessagesFilter): Promise<number> => (await alice.main.call({ _: 'messages.getSearchCounters', peer, filters: [filter] }))[0]!.count;
  await expect.poll(() => counted({ _: 'inputMessagesFilterPhotos' }), { timeout: 10_000 }).toBe(1);
  expect(await counted({ _: 'inputMessagesFilterPhotoVideo' })).toBe(1);
  expect(await counted({ _: 'inputMessagesFilterDocument' })).toBe(1);
  const found = await alice.main.call({ _: 'messages.search', peer, q: 'mountain', filter: { _: 'inputMessagesFilterPhotos' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
  expect(found._ === 'messages.messagesNotModified' ? [] : found.messages.map((message) => message.id)).toEqual([id]);
});

test('photos in a group and in a channel reach everybody', async () => {
  const [anna, ben] = (await people(scenario, 'Anna', 'Ben')) as [Actor, Actor];
  const group = await createGroup(anna, [ben]);
  await verifyUpdates([anna, ben], async () => {
    await sendMedia(anna.main, await uploadedPhoto(anna.main, await makePicture(900, 700, 'webp')), { peer: group.peer, caption: 'for all' });
    const photo = photoIn(await mediaNow(ben.main, (await ben.sees('for all')).id));
    expect(await loadSizes(ben.main, photo)).toEqual(['s 100x78', 'm 320x249', 'x 800x622', 'y 900x700']);
  });
  for (const kind of ['megagroup', 'broadcast'] as const) {
    const { id, alice, bob } = await channelStage(scenario, kind);
    await verifyUpdates([alice, bob], async () => {
      const post = await postDocument(alice.main, await uploadedPhoto(alice.main, await makePicture(400, 400)), { peer: alice.main.inputPeer(id), caption: 'a view' });
      await bob.sees('a view');
      const photo = photoIn(await postedMedia(bob.main, id, post));
      expect(await loadSizes(bob.main, photo)).toEqual(sizesOf(photo));
      await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(id), id: post, media: await uploadedPhoto(alice.main, await makePicture(500, 500)), message: 'another view' });
      await bob.sees('another view');
      expect(sizesOf(photoIn(await postedMedia(bob.main, id, post)))).toContain('x 500x500');
    });
  }
});

test('a member who may not send photos is refused', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  const bannedRights: tl.RawChatBannedRights = { _: 'chatBannedRights', sendPhotos: true, untilDate: 0 };
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights });
  const media = await uploadedPhoto(bob.main, await makePicture(100, 100));
  expect(await bob.main.fails({ _: 'messages.sendMedia', peer: bob.main.inputPeer(id), media, message: '', randomId: randomLong() })).toMatchObject({ text: 'CHAT_SEND_PHOTOS_FORBIDDEN' });
  await postDocument(bob.main, await uploadedDocument(bob.main, makeFile(100)), { peer: bob.main.inputPeer(id) });
});

test('a scheduled photo is sent', async () => {
  const [alice] = await pair();
  const peer: tl.TypeInputPeer = { _: 'inputPeerSelf' };
  const media = await uploadedPhoto(alice.main, await makePicture(150, 150));
  const scheduled = await postDocument(alice.main, media, { peer, caption: 'later', scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
  const listed = await alice.main.call({ _: 'messages.getScheduledMessages', peer, id: [scheduled] });
  const [message] = listed._ === 'messages.messagesNotModified' ? [] : listed.messages;
  const photo = photoIn(message?._ === 'message' ? message.media : undefined);
  expect(await loadSizes(alice.main, photo)).toEqual(['s 100x100', 'm 150x150']);
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [scheduled] });
  expect((await mediaOfLast(alice)).id).toEqual(photo.id);
});

describe('who may load a photo', () => {
  test('the right goes with the message; hash, reference and size must be right', async () => {
    const [alice, bob] = await pair();
    const mallory = await scenario.world.user('Mallory');
    const id = await sendMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(400, 300)), { peer: alice.main.inputPeer(bob.id), caption: 'secret' });
    const photo = photoIn(await mediaNow(bob.main, (await bob.sees('secret')).id));
    const fails = async (actor: Actor, changes: Partial<tl.RawInputPhotoFileLocation>): Promise<string> =>
      (await actor.main.fails({ _: 'upload.getFile', location: { ...sizeLocation(photo, 'm'), ...changes }, offset: 0, limit: 4096 })).text;
    expect(await fails(mallory, {})).toBe('FILE_REFERENCE_EXPIRED');
    expect(await fails(bob, { accessHash: Long.ONE })).toBe('FILE_ID_INVALID');
    expect(await fails(bob, { fileReference: new Uint8Array() })).toBe('FILE_REFERENCE_EMPTY');
    expect(await fails(bob, { fileReference: new Uint8Array(26) })).toBe('FILE_REFERENCE_INVALID');
    for (const thumbSize of ['', 'i', 'y', 'zz']) expect(await fails(bob, { thumbSize })).toBe('LOCATION_INVALID');
    // A photo is no document.
    const { accessHash, fileReference } = photo;
    expect((await bob.main.fails({ _: 'upload.getFile', location: { _: 'inputDocumentFileLocation', id: photo.id, accessHash, fileReference, thumbSize: '' }, offset: 0, limit: 4096 })).text).toBe('FILE_ID_INVALID');
    expect((await mallory.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaPhoto', id: inputOf(photo) }, message: '', randomId: randomLong() })).text).toBe('FILE_REFERENCE_EXPIRED');
    await loadSize(bob.main, photo, 'm');
    await alice.main.change({ _: 'messages.deleteMessages', id: [id], revoke: true });
    await expect.poll(() => fails(bob, {}).catch(() => 'loaded'), { timeout: 5000, interval: 200 }).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('a part of a size never reaches into the next size', async () => {
    const [alice] = await pair();
    const photo = photoIn(await mediaNow(alice.main, await sendMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(900, 700)), { peer: { _: 'inputPeerSelf' } })));
    const { size } = photo.sizes.find((one) => one._ === 'photoSize' && one.type === 's') as tl.RawPhotoSize;
    const part = (await alice.main.call({ _: 'upload.getFile', location: sizeLocation(photo, 's'), offset: 0, limit: 524_288 })) as tl.upload.RawFile;
    expect(part.type._).toBe('storage.fileJpeg');
    expect(part.bytes).toHaveLength(size);
    const behind = (await alice.main.call({ _: 'upload.getFile', location: sizeLocation(photo, 's'), offset: 524_288, limit: 524_288 })) as tl.upload.RawFile;
    expect(behind.bytes).toHaveLength(0);
  });
});

describe('pictures that are refused', () => {
  test('each gets its error, and can be sent as a file instead', async () => {
    const [alice] = await pair();
    const jpeg = await makePicture(900, 700);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>');
    const refused: [Buffer, string][] = [
      [svg, 'PHOTO_EXT_INVALID'],
      [await makePicture(50, 50, 'gif'), 'PHOTO_EXT_INVALID'],
      [makeFile(1000).bytes, 'PHOTO_EXT_INVALID'],
      [await makePicture(12_000, 10), 'PHOTO_INVALID_DIMENSIONS'],
      [await makePicture(210, 10), 'PHOTO_INVALID_DIMENSIONS'],
      [jpeg.subarray(0, jpeg.length - 500), 'IMAGE_PROCESS_FAILED'],
      [Buffer.concat([jpeg, Buffer.alloc(11 * 1_048_576)]), 'IMAGE_PROCESS_FAILED'],
    ];
    for (const [bytes, error] of refused) {
      const media = await uploadedPhoto(alice.main, bytes);
      const peer: tl.TypeInputPeer = { _: 'inputPeerSelf' };
      expect((await alice.main.fails({ _: 'messages.sendMedia', peer, media, message: '', randomId: randomLong() })).text).toBe(error);
      expect((await alice.main.fails({ _: 'messages.uploadMedia', peer, media })).text).toBe(error);
      await sendMedia(alice.main, { _: 'inputMediaUploadedDocument', file: media.file, mimeType: 'image/jpeg', attributes: [] }, { peer });
    }
  });

  test('a photo with a lifetime, without a file, or that does not exist', async () => {
    const [alice] = await pair();
    const fails = async (media: tl.TypeInputMedia): Promise<string> => (await alice.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media, message: '', randomId: randomLong() })).text;
    const file = await upload(alice.main, { bytes: await makePicture(100, 100), name: 'a.jpg' });
    expect(await fails({ _: 'inputMediaUploadedPhoto', file, ttlSeconds: 5 })).toBe('TTL_MEDIA_INVALID');
    expect(await fails({ _: 'inputMediaUploadedPhoto', file: { _: 'inputFile', id: Long.fromNumber(77), parts: 1, name: '', md5Checksum: '' } })).toBe('FILE_PART_%d_MISSING');
    expect(await fails({ _: 'inputMediaPhoto', id: { _: 'inputPhotoEmpty' } })).toBe('MEDIA_INVALID');
    expect(await fails({ _: 'inputMediaPhoto', id: { _: 'inputPhoto', id: Long.ONE, accessHash: Long.ONE, fileReference: new Uint8Array() } })).toBe('MEDIA_INVALID');
  });
});
