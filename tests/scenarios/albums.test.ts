import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { checkMessageFiles, documentIn, makeFile, sendMedia, uploadedDocument } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { makePicture, photoIn, uploadedPhoto } from './photo-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
afterEach(() => checkMessageFiles(scenario.server.db));

const SELF: tl.TypeInputPeer = { _: 'inputPeerSelf' };

/** A photo of the device that was uploaded and can be sent. */
async function photo(device: Device): Promise<tl.RawInputMediaPhoto> {
  const { id, accessHash, fileReference } = photoIn(await device.call({ _: 'messages.uploadMedia', peer: SELF, media: await uploadedPhoto(device, await makePicture(60, 40)) }));
  return { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } };
}

/** A document of the device that was uploaded and can be sent. */
async function document(device: Device, attributes: tl.TypeDocumentAttribute[] = []): Promise<tl.RawInputMediaDocument> {
  const uploaded = await device.call({ _: 'messages.uploadMedia', peer: SELF, media: { ...(await uploadedDocument(device, makeFile(100))), attributes } });
  const { id, accessHash, fileReference } = documentIn(uploaded);
  return { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } };
}

const VIDEO: tl.TypeDocumentAttribute = { _: 'documentAttributeVideo', duration: 3, w: 640, h: 480 };

/** The request that sends media as an album, with a number as the caption of each. */
function albumOf(peer: tl.TypeInputPeer, media: readonly tl.TypeInputMedia[], captions = media.map((_, at) => String(at + 1))): tl.messages.RawSendMultiMediaRequest {
  return { _: 'messages.sendMultiMedia', peer, multiMedia: media.map((one, at) => ({ _: 'inputSingleMedia', media: one, randomId: randomLong(), message: captions[at]! })) };
}

/** The newest messages of a chat, oldest first. */
async function newest(device: Device, peer: tl.TypeInputPeer, limit: number): Promise<tl.RawMessage[]> {
  const found = await device.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit, maxId: 0, minId: 0, hash: Long.ZERO });
  return (found._ === 'messages.messagesNotModified' ? [] : found.messages).filter((message): message is tl.RawMessage => message._ === 'message').toReversed();
}

/** The ids of the albums of messages, as a list without repetitions. */
const groupsOf = (messages: readonly tl.RawMessage[]): string[] => [...new Set(messages.map(({ groupedId }) => String(groupedId)))];

/** The ids of the messages in the answer to a send. */
const idsOf = (answer: tl.TypeUpdates): number[] => (answer as tl.RawUpdates).updates.flatMap((update) => (update._ === 'updateMessageID' ? [update.id] : []));

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  return [alice, bob];
}

test('photos and videos arrive as one album, in their order, with a pts each', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const media = [await photo(alice.main), await document(alice.main, [VIDEO]), await photo(alice.main)];
    const { pts } = await bob.main.call({ _: 'updates.getState' });
    const request = { ...albumOf(peer, media), silent: true };
    const first = idsOf(await alice.main.change(request));
    await bob.sees('3');
    const seen = await newest(bob.main, bob.main.inputPeer(alice.id), 3);
    expect(seen.map(({ message, media: one }) => [message, one?._])).toEqual([['1', 'messageMediaPhoto'], ['2', 'messageMediaDocument'], ['3', 'messageMediaPhoto']]);
    expect(seen.every(({ silent }) => silent)).toBe(true);
    expect(groupsOf(seen)).toEqual(groupsOf(await newest(alice.main, peer, 3)));
    expect(groupsOf(seen)).toHaveLength(1);
    expect(seen[0]!.groupedId).toBeDefined();
    expect((await bob.main.call({ _: 'updates.getState' })).pts).toBe(pts + 3);
    // A repeated call sends nothing.
    expect(idsOf(await alice.main.change(request))).toEqual(first);
    expect(await newest(alice.main, peer, 10)).toHaveLength(3);
  });
});

test('an album that is forwarded stays one, and a single message of it is in no album', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const ids = idsOf(await alice.main.change(albumOf(peer, [await photo(alice.main), await photo(alice.main), await photo(alice.main)])));
    const [album] = groupsOf(await newest(alice.main, peer, 3));
    const forward = async (id: number[]): Promise<tl.RawMessage[]> => {
      await alice.main.change({ _: 'messages.forwardMessages', fromPeer: peer, id, randomId: id.map(() => randomLong()), toPeer: SELF });
      return newest(alice.main, SELF, id.length);
    };
    const copies = await forward(ids.slice(0, 2));
    expect(groupsOf(copies)).toHaveLength(1);
    expect(groupsOf(copies)).not.toContain(album);
    expect(copies[0]!.groupedId).toBeDefined();
    expect((await forward(ids.slice(2)))[0]!.groupedId).toBeUndefined();
  });
});

test('albums of documents in groups and channels', async () => {
  const [anna, ben] = (await people(scenario, 'Anna', 'Ben')) as [Actor, Actor];
  const group = await createGroup(anna, [ben]);
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const places = [{ author: anna, reader: ben, peer: group.peer, own: group.peer }, { author: alice, reader: bob, peer: alice.main.inputPeer(id), own: bob.main.inputPeer(id) }];
  for (const { author, reader, peer, own } of places) {
    await verifyUpdates([author, reader], async () => {
      await author.main.change(albumOf(peer, [await document(author.main), await document(author.main)], ['', 'two files']));
      await reader.sees('two files');
      const seen = await newest(reader.main, own, 2);
      expect(seen).toHaveLength(2);
      expect(groupsOf(seen)).toHaveLength(1);
      expect(seen[0]!.groupedId).toBeDefined();
    });
  }
});

describe('edits in an album', () => {
  test('a caption and a photo are changed, and the message stays in its album; media of another kind are refused', async () => {
    const [alice, bob] = await pair();
    const peer = alice.main.inputPeer(bob.id);
    await verifyUpdates([alice, bob], async () => {
      const [id] = idsOf(await alice.main.change(albumOf(peer, [await photo(alice.main), await photo(alice.main)])));
      const [album] = groupsOf(await newest(alice.main, peer, 2));
      await alice.main.change({ _: 'messages.editMessage', peer, id: id!, message: 'new words' });
      await alice.main.change({ _: 'messages.editMessage', peer, id: id!, media: await document(alice.main, [VIDEO]) });
      const file = await document(alice.main);
      expect((await alice.main.fails({ _: 'messages.editMessage', peer, id: id!, media: file })).text).toBe('MEDIA_GROUPED_INVALID');
      const [edited] = await newest(alice.main, peer, 2);
      expect(edited).toMatchObject({ message: 'new words', media: { _: 'messageMediaDocument', video: true } });
      expect(String(edited!.groupedId)).toBe(album);
    });
  });
});

describe('slow mode', () => {
  test('counts an album as one message', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const peer = bob.main.inputPeer(id);
    const media = [await photo(bob.main), await photo(bob.main)];
    const texts = [await bob.send(bob, 'one'), await bob.send(bob, 'two')];
    await alice.main.change({ _: 'channels.toggleSlowMode', channel: alice.main.inputChannel(id), seconds: 30 });
    const forward: tl.RpcMethod = { _: 'messages.forwardMessages', fromPeer: SELF, id: texts.map((text) => text.id), randomId: [randomLong(), randomLong()], toPeer: peer };
    expect((await bob.main.fails(forward)).text).toBe('SLOWMODE_MULTI_MSGS_DISABLED');
    await bob.main.change(albumOf(peer, media));
    expect(await newest(bob.main, peer, 2)).toHaveLength(2);
  });
});

test('a scheduled album is sent as one', async () => {
  const [alice] = await pair();
  const answer = await alice.main.change({ ...albumOf(SELF, [await photo(alice.main), await photo(alice.main)]), scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
  const ids = idsOf(answer);
  expect(ids).toHaveLength(2);
  await alice.main.change({ _: 'messages.sendScheduledMessages', peer: SELF, id: ids });
  const sent = await newest(alice.main, SELF, 2);
  expect(sent).toHaveLength(2);
  expect(groupsOf(sent)).toHaveLength(1);
  expect(sent[0]!.groupedId).toBeDefined();
});

test('an album that cannot be sent is refused as a whole', async () => {
  const [alice, bob] = await pair();
  const peer = alice.main.inputPeer(bob.id);
  const [one, file, voice] = [await photo(alice.main), await document(alice.main), await document(alice.main, [{ _: 'documentAttributeAudio', voice: true, duration: 1 }])];
  const fails = async (media: readonly tl.TypeInputMedia[], changes: Partial<tl.messages.RawSendMultiMediaRequest> = {}): Promise<string> => (await alice.main.fails({ ...albumOf(peer, media), ...changes })).text;
  const lost: tl.TypeInputMedia = { _: 'inputMediaPhoto', id: { _: 'inputPhoto', id: Long.ONE, accessHash: Long.ONE, fileReference: new Uint8Array() } };
  expect(await fails([])).toBe('MEDIA_EMPTY');
  expect(await fails([one, file])).toBe('MEDIA_INVALID');
  expect(await fails([voice, voice])).toBe('MEDIA_INVALID');
  expect(await fails([one, lost])).toBe('MEDIA_INVALID');
  expect(await fails([await uploadedPhoto(alice.main, await makePicture(60, 40))])).toBe('MEDIA_INVALID');
  expect(await fails([{ _: 'inputMediaDice', emoticon: '🎲' }])).toBe('MEDIA_INVALID');
  expect(await fails(Array.from({ length: 11 }, () => one))).toBe('MULTI_MEDIA_TOO_LONG');
  const [single] = albumOf(peer, [one]).multiMedia;
  expect(await fails([], { multiMedia: [single!, single!] })).toBe('RANDOM_ID_DUPLICATE');
  expect(await fails([], { multiMedia: [{ ...single!, randomId: Long.ZERO }] })).toBe('RANDOM_ID_EMPTY');
  expect(await fails([], { multiMedia: [single!, { ...single!, randomId: randomLong(), message: 'x'.repeat(1025) }] })).toBe('MEDIA_CAPTION_TOO_LONG');
  expect(await newest(alice.main, peer, 10)).toHaveLength(0);
  // A single one is a message like any other.
  await alice.main.change(albumOf(peer, [one]));
  expect((await newest(alice.main, peer, 1))[0]!.groupedId).toBeUndefined();
  await sendMedia(alice.main, one, { peer });
});
