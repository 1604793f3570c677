import { randomBytes } from 'node:crypto';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import type { tl as stored } from '@aerogram/tl';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { checkMessageFiles, documentIn, failsToLoad, losesFile, sendMedia, upload, uploadedDocument, makeFile } from './file-stage.ts';
import { createGroup } from './group-stage.ts';
import { makePicture, mediaNow, photoIn, sizeLocation, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const ONCE = 0x7fffffff;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());
// What was viewed refers to no file any more.
afterEach(() => checkMessageFiles(scenario.server.db));

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

const KINDS = {
  video: { mimeType: 'video/mp4', attribute: { _: 'documentAttributeVideo', duration: 3, w: 320, h: 240 } },
  round: { mimeType: 'video/mp4', attribute: { _: 'documentAttributeVideo', roundMessage: true, duration: 3, w: 384, h: 384 } },
  voice: { mimeType: 'audio/ogg', attribute: { _: 'documentAttributeAudio', voice: true, duration: 3 } },
  music: { mimeType: 'audio/mpeg', attribute: { _: 'documentAttributeAudio', duration: 3 } },
} as const satisfies Record<string, { mimeType: string; attribute: tl.TypeDocumentAttribute }>;

async function recording(device: Device, kind: keyof typeof KINDS, ttlSeconds: number): Promise<tl.RawInputMediaUploadedDocument> {
  const { mimeType, attribute } = KINDS[kind];
  return { _: 'inputMediaUploadedDocument', file: await upload(device, { bytes: randomBytes(5000), name: 'a' }), mimeType, attributes: [attribute], ttlSeconds };
}

const photo = async (device: Device, ttlSeconds: number): Promise<tl.RawInputMediaUploadedPhoto> => ({ ...(await uploadedPhoto(device, await makePicture(400, 300))), ttlSeconds });
function messageOf(device: Device, id: number): stored.message | undefined {
  const raw = device.state.messages.get(id)?.raw;
  return raw?._ === 'message' ? raw : undefined;
}

/** The error of loading a photo. */
async function failsToShow(device: Device, shown: tl.RawPhoto): Promise<string> {
  return (await device.fails({ _: 'upload.getFile', location: sizeLocation(shown, 'm'), offset: 0, limit: 4096 })).text;
}

test('a photo that can be viewed once is gone on both sides as soon as it was viewed, on all devices, and cannot be loaded', async () => {
  const [alice, bob] = await pair();
  const [tablet, phone] = [await bob.device(), await alice.device()];
  await verifyUpdates([alice, bob], async () => {
    const sent = await sendMedia(alice.main, await photo(alice.main, ONCE), { peer: alice.main.inputPeer(bob.id), caption: 'for your eyes' });
    const { id } = await bob.sees('for your eyes');
    for (const device of [tablet, phone]) await device.sees('for your eyes');
    const [own, seen] = [photoIn(await mediaNow(alice.main, sent)), photoIn(await mediaNow(bob.main, id))];
    expect(messageOf(bob.main, id)).toMatchObject({ media: { ttl_seconds: ONCE }, media_unread: true, noforwards: true });
    await bob.main.call({ _: 'upload.getFile', location: sizeLocation(seen, 'm'), offset: 0, limit: 4096 });
    await phone.goOffline();
    expect(await bob.main.change({ _: 'messages.readMessageContents', id: [id] })).toMatchObject({ ptsCount: 2 });
    await alice.main.seesUpdate('updateReadMessagesContents', ({ messages }) => messages[0] === sent);
    for (const [device, at] of [[alice.main, sent], [tablet, id]] as const) await device.seesUpdate('updateEditMessage', ({ message }) => message.id === at);
    expect(await mediaNow(bob.main, id)).toMatchObject({ _: 'messageMediaPhoto', ttlSeconds: ONCE, photo: undefined });
    expect(await mediaNow(alice.main, sent)).toMatchObject({ _: 'messageMediaPhoto', ttlSeconds: ONCE, photo: undefined });
    expect(await bob.main.change({ _: 'messages.readMessageContents', id: [id] })).toMatchObject({ ptsCount: 0 });
    await expect.poll(() => failsToShow(bob.main, seen).catch(() => 'loaded'), { timeout: 5000, interval: 200 }).toBe('FILE_REFERENCE_EXPIRED');
    await expect.poll(() => failsToShow(alice.main, own).catch(() => 'loaded'), { timeout: 5000, interval: 200 }).toBe('FILE_REFERENCE_EXPIRED');
    await phone.goOnline();
    await phone.catchUp();
    for (const [device, at] of [[alice.main, sent], [phone, sent], [bob.main, id], [tablet, id]] as const) {
      const raw = messageOf(device, at);
      expect(raw).toMatchObject({ message: '', media: { _: 'messageMediaPhoto', ttl_seconds: ONCE } });
      expect([raw?.edit_date, raw?.media?._ === 'messageMediaPhoto' ? raw.media.photo : raw]).toEqual([undefined, undefined]);
    }
  });
});

test.each(['video', 'round', 'voice'] as const)('a %s message with a lifetime is gone when its time is over, not before it was opened', async (kind) => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    const sent = await sendMedia(alice.main, await recording(alice.main, kind, 1), { peer: alice.main.inputPeer(bob.id), caption: 'quick' });
    const { id } = await bob.sees('quick');
    const seen = documentIn(await mediaNow(bob.main, id));
    expect(await bob.main.change({ _: 'messages.readMessageContents', id: [id] })).toMatchObject({ ptsCount: 1 });
    expect(documentIn(await mediaNow(bob.main, id)).id).toEqual(seen.id);
    await bob.main.seesUpdate('updateEditMessage', ({ message }) => message.id === id);
    await alice.main.seesUpdate('updateEditMessage', ({ message }) => message.id === sent);
    for (const [device, at] of [[alice.main, sent], [bob.main, id]] as const) {
      const media = await mediaNow(device, at);
      expect(media).toMatchObject({ _: 'messageMediaDocument', ttlSeconds: 1, document: undefined, video: kind !== 'voice', round: kind === 'round', voice: kind === 'voice' });
    }
    expect(await losesFile(bob, seen)).toBe('FILE_REFERENCE_EXPIRED');
    expect(await failsToLoad(bob.main, seen)).toBe('FILE_REFERENCE_EXPIRED');
  });
});

test('media with a lifetime cannot be forwarded, sent on, quoted elsewhere or edited, and are in no collection', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const sent = await sendMedia(alice.main, await photo(alice.main, 30), { peer, caption: 'burns' });
    const { id } = await bob.sees('burns');
    const [own, seen] = [photoIn(await mediaNow(alice.main, sent)), photoIn(await mediaNow(bob.main, id))];
    const self = { _: 'inputPeerSelf' } as const;
    const forward = (fromPeer: tl.TypeInputPeer, msgId: number): tl.messages.RawForwardMessagesRequest => ({ _: 'messages.forwardMessages', fromPeer, toPeer: self, id: [msgId], randomId: [randomLong()] });
    const failures = [
      await bob.main.fails(forward(bob.main.inputPeer(alice.id), id)),
      await alice.main.fails({ ...forward(peer, sent), dropAuthor: true }),
      await bob.main.fails({ _: 'messages.sendMedia', peer: self, media: { _: 'inputMediaPhoto', id: { ...seen, _: 'inputPhoto' } }, message: '', randomId: randomLong() }),
      await alice.main.fails({ _: 'messages.sendMedia', peer: self, media: { _: 'inputMediaPhoto', id: { ...own, _: 'inputPhoto' } }, message: '', randomId: randomLong() }),
      await bob.main.fails({ _: 'messages.sendMessage', peer: self, message: 'look', replyTo: { _: 'inputReplyToMessage', replyToMsgId: id, replyToPeerId: bob.main.inputPeer(alice.id) }, randomId: randomLong() }),
    ];
    expect(failures.map(({ text }) => text)).toEqual(Array(5).fill('CHAT_FORWARDS_RESTRICTED'));
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id: sent, message: 'never' })).text).toBe('MEDIA_PREV_INVALID');
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id: sent, media: await uploadedPhoto(alice.main, await makePicture(50, 50)) })).text).toBe('MEDIA_PREV_INVALID');
    const plain = await sendMedia(alice.main, await uploadedPhoto(alice.main, await makePicture(60, 60)), { peer, caption: 'stays' });
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id: plain, media: await photo(alice.main, 5) })).text).toBe('TTL_MEDIA_INVALID');
    await bob.sees('stays');
    await expect
      .poll(async () => {
        const found = await bob.main.call({ _: 'messages.search', peer: bob.main.inputPeer(alice.id), q: '', filter: { _: 'inputMessagesFilterPhotos' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0 as never });
        return (found as tl.messages.RawMessages).messages.map((one) => (one as tl.RawMessage).message);
      })
      .toEqual(['stays']);
  });
});

test('a lifetime is refused out of bounds, for other media, and everywhere but in private chats with others', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  const group = await createGroup(alice, [bob]);
  const { id, alice: owner } = await channelStage(scenario);
  const refused = async (device: Device, media: tl.TypeInputMedia, to: tl.TypeInputPeer, more: { scheduleDate?: number } = {}): Promise<string> =>
    (await device.fails({ _: 'messages.sendMedia', peer: to, media, message: '', randomId: randomLong(), ...more })).text;
  for (const ttl of [-1, 61, ONCE - 1]) expect(await refused(alice.main, await photo(alice.main, ttl), peer)).toBe('TTL_MEDIA_INVALID');
  expect(await refused(alice.main, await recording(alice.main, 'music', 10), peer)).toBe('TTL_MEDIA_INVALID');
  expect(await refused(alice.main, { ...(await uploadedDocument(alice.main, makeFile(100))), ttlSeconds: 10 }, peer)).toBe('TTL_MEDIA_INVALID');
  for (const to of [{ _: 'inputPeerSelf' } as const, group.peer]) expect(await refused(alice.main, await photo(alice.main, 10), to)).toBe('TTL_MEDIA_INVALID');
  expect(await refused(owner.main, await photo(owner.main, ONCE), owner.main.inputPeer(id))).toBe('TTL_MEDIA_INVALID');
  expect(await refused(alice.main, await photo(alice.main, 10), peer, { scheduleDate: Math.floor(Date.now() / 1000) + 3600 })).toBe('TTL_MEDIA_INVALID');
  const made = await alice.main.call({ _: 'messages.uploadMedia', peer, media: await photo(alice.main, 10) });
  expect(made).toMatchObject({ _: 'messageMediaPhoto', ttlSeconds: 10 });
  const single = { _: 'inputSingleMedia', media: { _: 'inputMediaPhoto', id: { ...photoIn(made), _: 'inputPhoto' }, ttlSeconds: 10 }, message: '' } as const;
  const multiMedia = [1, 2].map(() => ({ ...single, randomId: randomLong() }));
  expect((await alice.main.fails({ _: 'messages.sendMultiMedia', peer, multiMedia })).text).toBe('TTL_MEDIA_INVALID');
});

test('media with a lifetime of 0 seconds have none, also in albums and groups', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  const group = await createGroup(alice, [bob]);
  await verifyUpdates([alice, bob], async () => {
    await sendMedia(alice.main, await photo(alice.main, 0), { peer: group.peer, caption: 'to all' });
    await bob.sees('to all');
    await sendMedia(alice.main, { ...(await uploadedDocument(alice.main, makeFile(100))), ttlSeconds: 0 }, { peer, caption: 'a file' });
    await bob.sees('a file');
    const files = [await recording(alice.main, 'video', 0), await recording(alice.main, 'video', 0)].map((media) => alice.main.call({ _: 'messages.uploadMedia', peer, media }));
    const multiMedia = (await Promise.all(files)).map((made, at): tl.RawInputSingleMedia => {
      expect(made).toMatchObject({ _: 'messageMediaDocument', video: true, ttlSeconds: undefined });
      return { _: 'inputSingleMedia', media: { _: 'inputMediaDocument', id: { ...documentIn(made), _: 'inputDocument' }, ttlSeconds: 0 }, message: `part ${at}`, randomId: randomLong() };
    });
    await alice.main.call({ _: 'messages.sendMultiMedia', peer, multiMedia });
    const { id } = await bob.sees('part 1');
    const { noforwards, media_unread, media } = messageOf(bob.main, id)!;
    expect([noforwards, media_unread, (media as stored.messageMediaDocument).ttl_seconds]).toEqual([undefined, undefined, undefined]);
  });
});

test('what its author or receiver deletes before it is over goes for good, and nothing else happens', async () => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    const sent = await sendMedia(alice.main, await recording(alice.main, 'voice', 1), { peer: alice.main.inputPeer(bob.id), caption: 'gone' });
    const { id } = await bob.sees('gone');
    await bob.main.change({ _: 'messages.readMessageContents', id: [id] });
    await bob.main.change({ _: 'messages.deleteMessages', id: [id] });
    await alice.main.seesUpdate('updateEditMessage', ({ message }) => message.id === sent);
    expect(await mediaNow(alice.main, sent)).toMatchObject({ _: 'messageMediaDocument', document: undefined });
  });
});
