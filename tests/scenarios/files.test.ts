import { verifyUpdates, type Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { checkMessageFiles, documentIn, documentOf, download, editMedia, hashOf, locationOf, makeFile, postDocument, sendFile, sendMedia, upload, uploadedDocument } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());
// Each message with a document refers to it, and nothing else does.
afterEach(() => checkMessageFiles(scenario.server.db));

async function pair(): Promise<[Actor, Actor]> {
  return [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
}

test.each([1024, 10_485_760])('a document of %d bytes reaches the other user unchanged', async (size) => {
  const [alice, bob] = await pair();
  const file = makeFile(size, 'report.bin');
  await verifyUpdates([alice, bob], async () => {
    const id = await sendFile(alice, bob, file, 'the report');
    const seen = await bob.sees('the report');
    const received = await documentOf(bob.main, seen.id);
    expect(received).toMatchObject({ size, mimeType: 'application/octet-stream', attributes: [{ _: 'documentAttributeFilename', fileName: 'report.bin' }] });
    expect(hashOf(await download(bob.main, received))).toBe(hashOf(file.bytes));
    expect(hashOf(await download(alice.main, await documentOf(alice.main, id)))).toBe(hashOf(file.bytes));
  });
});

test('a push brings everything that is needed to load the document', async () => {
  const [alice, bob] = await pair();
  const file = makeFile(5000);
  await sendFile(alice, bob, file, 'look');
  const pushed = await bob.main.seesUpdate('updateNewMessage', ({ message }) => message._ === 'message' && message.message === 'look');
  const document = documentIn(pushed.message._ === 'message' ? pushed.message.media : undefined);
  expect(hashOf(await download(bob.main, document))).toBe(hashOf(file.bytes));
});

test('a call that is repeated after its answer was lost sends nothing twice', async () => {
  const [alice, bob] = await pair();
  await alice.meet(bob);
  const media = await uploadedDocument(alice.main, makeFile(3000));
  const randomId = randomLong();
  const peer = alice.main.inputPeer(bob.id);
  await verifyUpdates([alice, bob], async () => {
    const id = await sendMedia(alice.main, media, { peer, randomId });
    const first = await documentOf(alice.main, id);
    expect(await sendMedia(alice.main, media, { peer, randomId })).toBe(id);
    expect((await documentOf(alice.main, id)).id).toEqual(first.id);
  });
});

test('a document that was uploaded before is sent, sent again and forwarded as the same document', async () => {
  const [alice, bob] = await pair();
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  const file = makeFile(200_000, 'map.png');
  await verifyUpdates([alice, bob], async () => {
    const uploaded = documentIn(await alice.main.call({ _: 'messages.uploadMedia', peer, media: await uploadedDocument(alice.main, file) }));
    const { id, accessHash, fileReference } = uploaded;
    const input: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } };
    await sendMedia(alice.main, input, { peer, caption: 'first' });
    const received = await bob.sees('first');
    const seen = await documentOf(bob.main, received.id);
    expect(seen.id).toEqual(uploaded.id);
    // Bob sends on what he got.
    await bob.meet(alice);
    const again = { _: 'inputDocument' as const, id: seen.id, accessHash: seen.accessHash, fileReference: seen.fileReference };
    await sendMedia(bob.main, { _: 'inputMediaDocument', id: again, spoiler: true }, { peer: bob.main.inputPeer(alice.id), caption: 'second' });
    expect((await documentOf(alice.main, (await alice.sees('second')).id)).id).toEqual(uploaded.id);
    await bob.forward([received], bob);
    const saved = await bob.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
    const [kept] = saved._ === 'messages.messagesNotModified' ? [] : saved.messages;
    const forwarded = documentIn(kept?._ === 'message' ? kept.media : undefined);
    expect(forwarded.id).toEqual(uploaded.id);
    expect(hashOf(await download(bob.main, forwarded))).toBe(hashOf(file.bytes));
  });
});

test('equal files of two people are two documents with one blob', async () => {
  const [alice, bob] = await pair();
  const file = makeFile(300_000);
  const count = async (): Promise<number> => (await scenario.server.db.q.selectFrom('blobs').select('name').execute()).length;
  const before = await count();
  await sendFile(alice, bob, file, 'from alice');
  await sendFile(bob, alice, file, 'from bob');
  expect(await count()).toBe(before + 1);
  const [one, two] = [await documentOf(bob.main, (await bob.sees('from alice')).id), await documentOf(alice.main, (await alice.sees('from bob')).id)];
  expect(one.id).not.toEqual(two.id);
  for (const [actor, document] of [[bob, one], [alice, two]] as const) expect(hashOf(await download(actor.main, document))).toBe(hashOf(file.bytes));
});

describe('edits', () => {
  test('a caption is changed and removed, and a document takes the place of another one and of a text', async () => {
    const [alice, bob] = await pair();
    await alice.meet(bob);
    const to = alice.main.inputPeer(bob.id);
    await verifyUpdates([alice, bob], async () => {
      const id = await sendFile(alice, bob, makeFile(2000, 'a.txt'), 'old caption');
      await alice.main.change({ _: 'messages.editMessage', peer: to, id, message: 'new caption' });
      const seen = await bob.sees('new caption');
      expect(documentIn(await mediaNow(bob, seen.id)).attributes).toMatchObject([{ fileName: 'a.txt' }]);
      expect(await alice.main.fails({ _: 'messages.editMessage', peer: to, id, message: 'x'.repeat(1025) })).toMatchObject({ text: 'MEDIA_CAPTION_TOO_LONG' });
      await alice.main.change({ _: 'messages.editMessage', peer: to, id, message: '' });
      await bob.seesGone('new caption');
      await editMedia(alice.main, await uploadedDocument(alice.main, makeFile(2000, 'b.txt')), { peer: to, id, caption: 'another file' });
      expect(documentIn(await mediaNow(bob, (await bob.sees('another file')).id)).attributes).toMatchObject([{ fileName: 'b.txt' }]);
      const text = await alice.send(bob, 'only words');
      await editMedia(alice.main, await uploadedDocument(alice.main, makeFile(2000, 'c.txt')), { peer: to, id: text.id });
      await bob.main.waitUntil('the file', () => bob.main.find('only words')?.media !== '');
      expect(documentIn(await mediaNow(bob, (await bob.sees('only words')).id)).attributes).toMatchObject([{ fileName: 'c.txt' }]);
    });
  });

  test('a contact cannot become a document', async () => {
    const [alice, bob] = await pair();
    await alice.meet(bob);
    const peer = alice.main.inputPeer(bob.id);
    const id = await sendMedia(alice.main, { _: 'inputMediaContact', phoneNumber: '+4912345678', firstName: 'Zoe', lastName: '', vcard: '' }, { peer });
    const media = await uploadedDocument(alice.main, makeFile(100));
    expect(await alice.main.fails({ _: 'messages.editMessage', peer, id, media, message: '' })).toMatchObject({ text: 'MEDIA_PREV_INVALID' });
  });
});

test('documents in a basic group reach everybody, also a newcomer who is given the history', async () => {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const group = await createGroup(alice, [bob]);
  const file = makeFile(40_000);
  await verifyUpdates([alice, bob], async () => {
    await sendMedia(alice.main, await uploadedDocument(alice.main, file), { peer: group.peer, caption: 'for all' });
    expect(hashOf(await download(bob.main, await documentOf(bob.main, (await bob.sees('for all')).id)))).toBe(hashOf(file.bytes));
  });
  await alice.meet(carol);
  await alice.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: alice.main.inputUser(carol.id), fwdLimit: 10 });
  const given = await carol.sees('for all');
  expect(hashOf(await download(carol.main, await documentOf(carol.main, given.id)))).toBe(hashOf(file.bytes));
  await bob.main.call({ _: 'messages.deleteHistory', peer: group.peer, maxId: 0, revoke: false });
});

test.each(['megagroup', 'broadcast'] as const)('documents in a %s are posted, edited, forwarded and deleted', async (kind) => {
  const { id: channelId, alice, bob, carol } = await channelStage(scenario, kind);
  const file = makeFile(70_000, 'news.pdf');
  const peer = alice.main.inputPeer(channelId);
  await carol.main.goOffline();
  await verifyUpdates([alice, bob], async () => {
    const post = await postDocument(alice.main, await uploadedDocument(alice.main, file), { peer, caption: 'the news' });
    const seen = await bob.sees('the news');
    const pushed = await bob.main.seesUpdate('updateNewChannelMessage', ({ message }) => message.id === seen.id);
    expect(hashOf(await download(bob.main, documentIn(pushed.message._ === 'message' ? pushed.message.media : undefined)))).toBe(hashOf(file.bytes));
    await bob.meet(alice);
    await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(channelId), toPeer: bob.main.inputPeer(alice.id), id: [post], randomId: [randomLong()] });
    const findOwn = () => [...alice.main.state.messages.values()].find((message) => message.text === 'the news' && message.peer === bob.id);
    await alice.main.waitUntil('the forward', () => findOwn() !== undefined);
    const own = findOwn()!;
    expect(hashOf(await download(alice.main, await documentOf(alice.main, own.id)))).toBe(hashOf(file.bytes));
    await editMedia(alice.main, await uploadedDocument(alice.main, makeFile(100, 'b.pdf')), { peer, id: post, caption: 'other news' });
    await bob.sees('other news');
    await alice.main.call({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(channelId), id: [post] });
    await bob.seesGone('other news');
  });
  await carol.main.goOnline();
});

test('a scheduled document is listed, edited, and sent', async () => {
  const [alice, bob] = await pair();
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  const file = makeFile(9000);
  await verifyUpdates([alice, bob], async () => {
    const scheduleDate = Math.floor(Date.now() / 1000) + 3600;
    const id = await postDocument(alice.main, await uploadedDocument(alice.main, makeFile(10)), { peer, caption: 'later', scheduleDate });
    await alice.main.change({ _: 'messages.editMessage', peer, id, scheduleDate, message: 'later', media: await uploadedDocument(alice.main, file) });
    const listed = await alice.main.call({ _: 'messages.getScheduledHistory', peer, hash: Long.ZERO });
    const [message] = listed._ === 'messages.messagesNotModified' ? [] : listed.messages;
    expect(hashOf(await download(alice.main, documentIn(message?._ === 'message' ? message.media : undefined)))).toBe(hashOf(file.bytes));
    await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [id] });
    expect(hashOf(await download(bob.main, await documentOf(bob.main, (await bob.sees('later')).id)))).toBe(hashOf(file.bytes));
  });
});

test('documents are found by their kind, by name and by hash', async () => {
  const [alice, bob] = await pair();
  const file = makeFile(50_000, 'Quarterly.xlsx');
  const id = await sendFile(alice, bob, file);
  await alice.send(bob, 'a text');
  const peer = alice.main.inputPeer(bob.id);
  const search = async (filter: tl.TypeMessagesFilter, q = ''): Promise<number[]> => {
    const found = await alice.main.call({ _: 'messages.search', peer, q, filter, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
    if (found._ === 'messages.messagesNotModified') return [];
    for (const message of found.messages) if (message._ === 'message' && message.media) expect(hashOf(await download(alice.main, documentIn(message.media)))).toBe(hashOf(file.bytes));
    return found.messages.map((message) => message.id);
  };
  await expect.poll(() => search({ _: 'inputMessagesFilterDocument' })).toEqual([id]);
  expect(await search({ _: 'inputMessagesFilterEmpty' }, 'quarterly')).toEqual([id]);
  expect(await search({ _: 'inputMessagesFilterMusic' })).toEqual([]);
  const content = { sha256: Buffer.from(hashOf(file.bytes), 'hex'), size: file.bytes.length, mimeType: 'application/octet-stream' };
  const found = await alice.main.call({ _: 'messages.getDocumentByHash', ...content });
  expect(hashOf(await download(alice.main, found as tl.RawDocument))).toBe(hashOf(file.bytes));
  const stranger = await scenario.world.user('Mallory');
  expect(await stranger.main.call({ _: 'messages.getDocumentByHash', ...content })).toMatchObject({ _: 'documentEmpty' });
  expect(await alice.main.fails({ _: 'messages.getDocumentByHash', ...content, sha256: Buffer.alloc(31) })).toMatchObject({ text: 'SHA256_HASH_INVALID' });
});

test('the hashes of a file are those of its blocks of 128 KiB', async () => {
  const [alice, bob] = await pair();
  const file = makeFile(300_000);
  const location = locationOf(await documentOf(alice.main, await sendFile(alice, bob, file)));
  const hashes = await alice.main.call({ _: 'upload.getFileHashes', location, offset: 131_072 });
  expect(hashes.map(({ offset, limit }) => [offset, limit])).toEqual([[131_072, 131_072], [262_144, 37_856]]);
  for (const offset of [393_216, Number.MAX_SAFE_INTEGER]) expect(await alice.main.call({ _: 'upload.getFileHashes', location, offset })).toEqual([]);
  for (const { offset, limit, hash } of hashes) expect(Buffer.from(hash).toString('hex')).toBe(hashOf(file.bytes.subarray(offset, offset + limit)));
});

test('what a client says about a file is cleaned, and what it may not say is left out', async () => {
  const [alice, bob] = await pair();
  await alice.meet(bob);
  const attributes: tl.TypeDocumentAttribute[] = [
    { _: 'documentAttributeFilename', fileName: 'C:\\temp\\evil\u202Etxt.exe' },
    { _: 'documentAttributeFilename', fileName: 'second.txt' },
    { _: 'documentAttributeSticker', alt: '🙂', stickerset: { _: 'inputStickerSetID', id: Long.ONE, accessHash: Long.ONE } },
    { _: 'documentAttributeVideo', duration: Number.NaN, w: 1, h: 1 },
    { _: 'documentAttributeImageSize', w: -5, h: 5 },
    { _: 'documentAttributeAudio', duration: 5, title: ' Song ', waveform: Buffer.alloc(64) },
  ];
  const file = await upload(alice.main, makeFile(100));
  const id = await sendMedia(alice.main, { _: 'inputMediaUploadedDocument', file, mimeType: 'text/html; charset=<script>', attributes }, { peer: alice.main.inputPeer(bob.id) });
  const document = await documentOf(alice.main, id);
  expect(document.mimeType).toBe('application/octet-stream');
  expect(document.attributes).toEqual([
    expect.objectContaining({ _: 'documentAttributeFilename', fileName: 'eviltxt.exe' }),
    expect.objectContaining({ _: 'documentAttributeAudio', duration: 5, title: 'Song', waveform: undefined }),
  ]);
});

test('a reply that repeats a document of another chat brings it along', async () => {
  const [alice, bob] = await pair();
  const carol = await scenario.world.user('Carol');
  const file = makeFile(7000);
  await verifyUpdates([alice, carol], async () => {
    const id = await sendFile(alice, bob, file, 'the plan');
    await alice.meet(carol);
    const replyTo: tl.RawInputReplyToMessage = { _: 'inputReplyToMessage', replyToMsgId: id, replyToPeerId: alice.main.inputPeer(bob.id) };
    await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(carol.id), message: 'what do you think?', randomId: randomLong(), replyTo });
    const seen = await carol.sees('what do you think?');
    const found = await carol.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: seen.id }] });
    const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
    const header = message?._ === 'message' ? message.replyTo : undefined;
    const document = documentIn(header?._ === 'messageReplyHeader' ? header.replyMedia : undefined);
    expect(hashOf(await download(carol.main, document))).toBe(hashOf(file.bytes));
  });
});

/** The media of a message as its owner reads it. */
async function mediaNow(actor: Actor, id: number): Promise<tl.TypeMessageMedia | undefined> {
  const found = await actor.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  return message?._ === 'message' ? message.media : undefined;
}
