import { createShiftedClock, type Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, losesChannel } from './channel-stage.ts';
import { documentIn, documentInPost, documentOf, download, failsToLoad, hashOf, locationOf, losesFile, makeFile, postDocument, sendFile, sendMedia, uploadedDocument } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;
const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function pair(): Promise<[Actor, Actor]> {
  return [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
}

describe('a file cannot be loaded', () => {
  test('with what was shown to somebody else in a private chat', async () => {
    const [alice, bob] = await pair();
    const mallory = await scenario.world.user('Mallory');
    await sendFile(alice, bob, makeFile(5000), 'secret');
    const document = await documentOf(bob.main, (await bob.sees('secret')).id);
    expect(await failsToLoad(mallory.main, document)).toBe('FILE_REFERENCE_EXPIRED');
    await mallory.meet(alice);
    const input: tl.RawInputDocument = { _: 'inputDocument', id: document.id, accessHash: document.accessHash, fileReference: document.fileReference };
    const peer = mallory.main.inputPeer(alice.id);
    expect(await mallory.main.fails({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaDocument', id: input }, message: '', randomId: Long.ONE })).toMatchObject({ text: 'FILE_REFERENCE_EXPIRED' });
    expect(await mallory.main.fails({ _: 'upload.getFileHashes', location: locationOf(document), offset: 0 })).toMatchObject({ text: 'FILE_REFERENCE_EXPIRED' });
  });

  test('with a wrong id, access hash or reference', async () => {
    const [alice, bob] = await pair();
    const document = await documentOf(alice.main, await sendFile(alice, bob, makeFile(5000)));
    const other = await documentOf(alice.main, await sendFile(alice, bob, makeFile(5000)));
    expect(await failsToLoad(alice.main, { ...document, id: document.id.add(8) })).toBe('FILE_ID_INVALID');
    expect(await failsToLoad(alice.main, { ...document, accessHash: document.accessHash.add(16) })).toBe('FILE_ID_INVALID');
    expect(await failsToLoad(alice.main, { ...document, fileReference: new Uint8Array() })).toBe('FILE_REFERENCE_EMPTY');
    expect(await failsToLoad(alice.main, { ...document, fileReference: other.fileReference })).toBe('FILE_REFERENCE_INVALID');
    expect(await failsToLoad(alice.main, { ...document, fileReference: document.fileReference.slice(1) })).toBe('FILE_REFERENCE_INVALID');
    const changed = document.fileReference.slice();
    changed[9]! ^= 1;
    expect(await failsToLoad(alice.main, { ...document, fileReference: changed })).toBe('FILE_REFERENCE_INVALID');
    expect((await alice.main.fails({ _: 'upload.getFile', location: { ...locationOf(document), thumbSize: 'm' }, offset: 0, limit: 4096 })).text).toBe('LOCATION_INVALID');
    expect((await alice.main.fails({ _: 'upload.getFile', location: { _: 'inputTakeoutFileLocation' }, offset: 0, limit: 4096 })).text).toBe('TAKEOUT_REQUIRED');
  });

  test('by locations of other kinds', async () => {
    const [alice] = await pair();
    const ids = { id: Long.ONE, accessHash: Long.ONE };
    const locations: tl.TypeInputFileLocation[] = [
      { _: 'inputEncryptedFileLocation', ...ids },
      { _: 'inputSecureFileLocation', ...ids },
      { _: 'inputFileLocation', volumeId: Long.ONE, localId: 1, secret: Long.ONE, fileReference: new Uint8Array() },
    ];
    for (const location of locations) expect((await alice.main.fails({ _: 'upload.getFile', location, offset: 0, limit: 4096 })).text).toBe('LOCATION_INVALID');
  });

  test('after the message was deleted', async () => {
    const [alice, bob] = await pair();
    await sendFile(alice, bob, makeFile(5000), 'gone soon');
    const seen = await bob.sees('gone soon');
    const document = await documentOf(bob.main, seen.id);
    await download(bob.main, document);
    const own = await alice.sees('gone soon');
    await alice.delete([own], { forBoth: true });
    await bob.seesGone('gone soon');
    expect(await losesFile(bob, document)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('after another document took its place', async () => {
    const [alice, bob] = await pair();
    const id = await sendFile(alice, bob, makeFile(5000), 'first version');
    const document = await documentOf(bob.main, (await bob.sees('first version')).id);
    await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id, media: await uploadedDocument(alice.main, makeFile(10)), message: 'second version' });
    await bob.sees('second version');
    expect(await losesFile(bob, document)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('with what messages.uploadMedia has answered for a document of a deleted message', async () => {
    const [alice, bob] = await pair();
    const file = makeFile(5000);
    await sendFile(alice, bob, file, 'uploaded again');
    const own = await alice.sees('uploaded again');
    const seen = await bob.sees('uploaded again');
    // The uploader has no more right to the document of a message than others.
    const again = [];
    for (const [actor, { id }] of [[alice, own], [bob, seen]] as const) {
      const { id: documentId, accessHash, fileReference } = await documentOf(actor.main, id);
      const media: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id: documentId, accessHash, fileReference } };
      const document = documentIn(await actor.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media }));
      expect(hashOf(await download(actor.main, document))).toBe(hashOf(file.bytes));
      again.push([actor, document] as const);
    }
    await alice.delete([own], { forBoth: true });
    await bob.seesGone('uploaded again');
    for (const [actor, document] of again) expect(await losesFile(actor, document)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('after leaving a private channel, and by a stranger to it', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const stranger = await scenario.world.user('Mallory');
    const file = makeFile(5000);
    const post = await postDocument(alice.main, await uploadedDocument(alice.main, file), { peer: alice.main.inputPeer(id), caption: 'for members' });
    await bob.sees('for members');
    const document = await documentInPost(bob, id, post);
    expect(hashOf(await download(bob.main, document))).toBe(hashOf(file.bytes));
    expect(await failsToLoad(stranger.main, document)).toBe('FILE_REFERENCE_EXPIRED');
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });
    await losesChannel(bob.main, id);
    expect(await losesFile(bob, document)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('after the reference became a day old; the message brings a new one', async () => {
    const [alice, bob] = await pair();
    const file = makeFile(5000);
    const id = await sendFile(alice, bob, file);
    const document = await documentOf(alice.main, id);
    clock.shift(23 * HOUR_MS);
    expect(hashOf(await download(alice.main, document))).toBe(hashOf(file.bytes));
    clock.shift(2 * HOUR_MS);
    expect(await failsToLoad(alice.main, document)).toBe('FILE_REFERENCE_EXPIRED');
    const renewed = await documentOf(alice.main, id);
    expect(renewed).toMatchObject({ id: document.id, accessHash: document.accessHash });
    expect(hashOf(await download(alice.main, renewed))).toBe(hashOf(file.bytes));
  });
});

test('everybody may load the files of a public channel, with the same reference', async () => {
  const [alice, bob] = await pair();
  const id = await createChannel(alice, 'broadcast', 'News');
  await alice.main.call({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username: 'files_for_all' });
  const file = makeFile(5000);
  const post = await postDocument(alice.main, await uploadedDocument(alice.main, file), { peer: alice.main.inputPeer(id) });
  await bob.main.call({ _: 'contacts.resolveUsername', username: 'files_for_all' });
  const document = await documentInPost(bob, id, post);
  expect(document).toEqual(await documentInPost(alice, id, post));
  expect(hashOf(await download(bob.main, document))).toBe(hashOf(file.bytes));
});

test('a document of a protected chat cannot be sent on', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const post = await postDocument(alice.main, await uploadedDocument(alice.main, makeFile(100)), { peer: alice.main.inputPeer(id), caption: 'do not copy' });
  await alice.main.change({ _: 'messages.toggleNoForwards', peer: alice.main.inputPeer(id), enabled: true });
  await bob.sees('do not copy');
  const { id: documentId, accessHash, fileReference } = await documentInPost(bob, id, post);
  const media: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id: documentId, accessHash, fileReference } };
  expect(await bob.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media, message: '', randomId: Long.ONE })).toMatchObject({ text: 'CHAT_FORWARDS_RESTRICTED' });
});

test('members of a group who may not send files get the error for that', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', sendDocs: true, untilDate: 0 } });
  const media = await uploadedDocument(bob.main, makeFile(100));
  const peer = bob.main.inputPeer(id);
  expect(await bob.main.fails({ _: 'messages.sendMedia', peer, media, message: '', randomId: Long.ONE })).toMatchObject({ text: 'CHAT_SEND_DOCS_FORBIDDEN' });
  const voice = { ...(await uploadedDocument(bob.main, makeFile(100))), attributes: [{ _: 'documentAttributeAudio' as const, voice: true, duration: 1 }] };
  await postDocument(bob.main, voice, { peer });
  await bob.meet(alice);
  await sendMedia(bob.main, await uploadedDocument(bob.main, makeFile(100)), { peer: bob.main.inputPeer(alice.id) });
});

test('the errors of uploads', async () => {
  const [alice, bob] = await pair();
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  let fileId = 1000;
  const small = async (filePart: number, bytes: Uint8Array): Promise<string> => (await alice.main.fails({ _: 'upload.saveFilePart', fileId: Long.fromNumber(fileId), filePart, bytes })).text;
  const big = async (filePart: number, fileTotalParts: number, bytes: Uint8Array): Promise<string> =>
    (await alice.main.fails({ _: 'upload.saveBigFilePart', fileId: Long.fromNumber(fileId), filePart, fileTotalParts, bytes })).text;
  expect(await small(0, new Uint8Array())).toBe('FILE_PART_EMPTY');
  expect(await small(-1, new Uint8Array(1024))).toBe('FILE_PART_INVALID');
  expect(await small(4000, new Uint8Array(1024))).toBe('FILE_PART_INVALID');
  expect(await small(0, new Uint8Array(524_289))).toBe('FILE_PART_TOO_BIG');
  expect(await big(0, 4001, new Uint8Array(1024))).toBe('FILE_PARTS_INVALID');
  expect(await big(0, 0, new Uint8Array(1024))).toBe('FILE_PARTS_INVALID');
  expect(await big(2, 2, new Uint8Array(1024))).toBe('FILE_PART_INVALID');
  expect(await big(0, 2, new Uint8Array(1000))).toBe('FILE_PART_SIZE_INVALID');
  await alice.main.call({ _: 'upload.saveBigFilePart', fileId: Long.fromNumber(++fileId), filePart: 0, fileTotalParts: 3, bytes: new Uint8Array(1024) });
  expect(await big(1, 3, new Uint8Array(2048))).toBe('FILE_PART_SIZE_CHANGED');
  const send = async (parts: number, file: Partial<tl.RawInputFile> = {}): Promise<string> =>
    (await alice.main.fails({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: Long.fromNumber(fileId), parts, name: '', md5Checksum: '', ...file }, mimeType: '', attributes: [] }, message: '', randomId: Long.ONE })).text;
  // The library leaves out the number of the part.
  expect(await send(3)).toBe('FILE_PART_%d_MISSING');
  expect(await send(0)).toBe('FILE_PARTS_INVALID');
  expect(await send(2)).toBe('FILE_PARTS_INVALID');
  expect(await send(1, { id: Long.fromNumber(77) })).toBe('FILE_PART_%d_MISSING');
  await alice.main.call({ _: 'upload.saveFilePart', fileId: Long.fromNumber(++fileId), filePart: 0, bytes: new Uint8Array(100) });
  expect(await send(1, { md5Checksum: '0'.repeat(32) })).toBe('MD5_CHECKSUM_INVALID');
});
