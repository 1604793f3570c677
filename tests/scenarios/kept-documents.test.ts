import { verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeBot, write } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { documentIn, documentInPost, documentOf, download, failsToLoad, hashOf, losesFile, makeFile, postDocument, type SentFile, sendMedia, upload } from './file-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

/** Uploads a file and sends it. @returns the document as its sender sees it, and the id of the sender's message */
async function send(from: Actor, to: Actor, media: { mimeType: string; attributes: tl.TypeDocumentAttribute[]; file?: SentFile }): Promise<{ document: tl.RawDocument; id: number }> {
  const { mimeType, attributes, file = makeFile(3000) } = media;
  const id = await sendMedia(from.main, { _: 'inputMediaUploadedDocument', file: await upload(from.main, file), mimeType, attributes }, { peer: from.main.inputPeer(to.id) });
  return { document: await documentOf(from.main, id), id };
}

/** Has a file sent to somebody. @returns the document as the receiver sees it, and the id of the receiver's message */
async function receive(to: Actor, from: Actor, media: Parameters<typeof send>[2]): Promise<{ document: tl.RawDocument; id: number }> {
  await send(from, to, media);
  const found = await to.main.call({ _: 'messages.getHistory', peer: to.main.inputPeer(from.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  if (message?._ !== 'message') throw new Error('no message');
  return { document: documentIn(message.media), id: message.id };
}

const GIF: { mimeType: string; attributes: tl.TypeDocumentAttribute[] } = { mimeType: 'video/mp4', attributes: [{ _: 'documentAttributeAnimated' }, { _: 'documentAttributeVideo', duration: 1, w: 10, h: 10 }] };
const song = (title: string) => ({ mimeType: 'audio/mpeg', attributes: [{ _: 'documentAttributeAudio', duration: 3, title }] satisfies tl.TypeDocumentAttribute[] });

const inputOf = ({ id, accessHash, fileReference }: tl.RawDocument): tl.RawInputDocument => ({ _: 'inputDocument', id, accessHash, fileReference });
const idsOf = (documents: readonly tl.TypeDocument[]): string[] => documents.map(({ id }) => id.toString());

async function savedGifs(device: Device): Promise<tl.RawDocument[]> {
  const found = await device.call({ _: 'messages.getSavedGifs', hash: Long.ZERO });
  return found._ === 'messages.savedGifs' ? (found.gifs as tl.RawDocument[]) : [];
}

async function ringtones(device: Device): Promise<tl.RawDocument[]> {
  const found = await device.call({ _: 'account.getSavedRingtones', hash: Long.ZERO });
  return found._ === 'account.savedRingtones' ? (found.ringtones as tl.RawDocument[]) : [];
}

async function musicOf(device: Device, user: number, limit = 100): Promise<tl.RawDocument[]> {
  const found = await device.call({ _: 'users.getSavedMusic', id: device.inputUser(user), offset: 0, limit, hash: Long.ZERO });
  return found._ === 'users.savedMusic' ? (found.documents as tl.RawDocument[]) : [];
}

describe('saved GIFs', () => {
  test('a GIF from a message is kept when the message is gone, newest first, and the other devices are told', async () => {
    const [alice, bob] = await pair();
    const other = await bob.device();
    const file = makeFile(5000);
    const first = await receive(bob, alice, { ...GIF, file });
    const second = await receive(bob, alice, GIF);
    await verifyUpdates([bob], async () => {
      await bob.main.change({ _: 'messages.saveGif', id: inputOf(first.document), unsave: false });
      await other.seesUpdate('updateSavedGifs', () => true);
      await bob.main.change({ _: 'messages.saveGif', id: inputOf(second.document), unsave: false });
    });
    expect(idsOf(await savedGifs(bob.main))).toEqual(idsOf([second.document, first.document]));
    await bob.main.change({ _: 'messages.saveGif', id: inputOf(first.document), unsave: false });
    await bob.main.change({ _: 'messages.deleteMessages', id: [first.id], revoke: true });
    const [kept] = await savedGifs(bob.main);
    expect(kept!.id).toEqual(first.document.id);
    expect(hashOf(await download(bob.main, kept!))).toBe(hashOf(file.bytes));
    // The list is Bob's alone.
    expect(await failsToLoad(alice.main, kept!)).toBe('FILE_REFERENCE_EXPIRED');
    await bob.main.change({ _: 'messages.saveGif', id: inputOf(kept!), unsave: true });
    expect(idsOf(await savedGifs(bob.main))).toEqual(idsOf([second.document]));
    expect(await losesFile(bob, kept!)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('a client that has the list is not sent it again', async () => {
    const [alice, bob] = await pair();
    const { document } = await receive(bob, alice, GIF);
    await bob.main.change({ _: 'messages.saveGif', id: inputOf(document), unsave: false });
    const found = await bob.main.call({ _: 'messages.getSavedGifs', hash: Long.ZERO });
    if (found._ !== 'messages.savedGifs') throw new Error('no list');
    expect(await bob.main.call({ _: 'messages.getSavedGifs', hash: found.hash })).toEqual({ _: 'messages.savedGifsNotModified' });
  });

  test('the oldest of 200 GIFs makes room for another one', async () => {
    const [alice, bob] = await pair();
    const { document } = await receive(bob, alice, GIF);
    const { q } = scenario.server.db;
    const rows = Array.from({ length: 200 }, (_, index) => ({ owner_id: BigInt(bob.id), list: 1, document_id: BigInt(1000 + index), position: BigInt(index) }));
    await q.insertInto('kept_documents').values(rows).execute();
    await bob.main.change({ _: 'messages.saveGif', id: inputOf(document), unsave: false });
    const kept = await q.selectFrom('kept_documents').select('document_id').where('owner_id', '=', BigInt(bob.id)).orderBy('position').execute();
    expect(kept).toHaveLength(200);
    expect(kept.map((row) => row.document_id)).not.toContain(1000n);
    await q.deleteFrom('kept_documents').where('document_id', '<', 2000n).execute();
  });

  test('other documents, and those of others, are refused', async () => {
    const [alice, bob] = await pair();
    const { document: notes } = await send(bob, alice, { mimeType: 'text/plain', attributes: [] });
    const { document: gif } = await send(alice, bob, GIF);
    const save = (id: tl.TypeInputDocument): Promise<string> => bob.main.fails({ _: 'messages.saveGif', id, unsave: false }).then(({ text }) => text);
    expect(await save(inputOf(notes))).toBe('GIF_ID_INVALID');
    expect(await save({ _: 'inputDocumentEmpty' })).toBe('GIF_ID_INVALID');
    expect(await save({ ...inputOf(gif), accessHash: Long.ONE })).toBe('GIF_ID_INVALID');
    const carol = await scenario.world.user('Carol');
    expect((await carol.main.fails({ _: 'messages.saveGif', id: inputOf(gif), unsave: false })).text).toBe('FILE_REFERENCE_EXPIRED');
    expect(await savedGifs(bob.main)).toEqual([]);
  });
});

describe('GIFs that somebody sends', () => {
  test('are kept for the sender, whose other devices are told, and for nobody else', async () => {
    const [alice, bob] = await pair();
    const other = await alice.device();
    const group = await createChannel(alice, 'megagroup', 'Dancers');
    await verifyUpdates([alice], async () => {
      const { document: first } = await send(alice, bob, GIF);
      await other.seesUpdate('updateSavedGifs', () => true);
      expect(idsOf(await savedGifs(other))).toEqual(idsOf([first]));
      const id = await postDocument(alice.main, { _: 'inputMediaUploadedDocument', file: await upload(alice.main, makeFile(3000)), ...GIF }, { peer: alice.main.inputPeer(group) });
      const second = await documentInPost(alice, group, id);
      expect(idsOf(await savedGifs(alice.main))).toEqual(idsOf([second, first]));
      await sendMedia(alice.main, { _: 'inputMediaDocument', id: inputOf(first) }, { peer: alice.main.inputPeer(alice.id) });
      expect(idsOf(await savedGifs(other))).toEqual(idsOf([first, second]));
    });
    expect(await savedGifs(bob.main)).toEqual([]);
  });

  test('are kept once, however often the call is repeated, and again after they were taken out', async () => {
    const [alice, bob] = await pair();
    const sending = { peer: alice.main.inputPeer(bob.id), randomId: randomLong() };
    const file = await upload(alice.main, makeFile(3000));
    const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file, ...GIF };
    const id = await sendMedia(alice.main, media, sending);
    await sendMedia(alice.main, media, sending);
    const sent = await documentOf(alice.main, id);
    expect(idsOf(await savedGifs(alice.main))).toEqual(idsOf([sent]));
    await alice.main.change({ _: 'messages.saveGif', id: inputOf(sent), unsave: true });
    await sendMedia(alice.main, { _: 'inputMediaDocument', id: inputOf(sent) }, { peer: sending.peer });
    expect(idsOf(await savedGifs(alice.main))).toEqual(idsOf([sent]));
  });

  test('are not kept if they are forwarded or scheduled', async () => {
    const [alice, bob] = await pair();
    const { id } = await receive(bob, alice, GIF);
    const toAlice = bob.main.inputPeer(alice.id);
    await bob.main.change({ _: 'messages.forwardMessages', fromPeer: toAlice, toPeer: toAlice, id: [id], randomId: [randomLong()] });
    const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(bob.main, makeFile(3000)), ...GIF };
    await bob.main.change({ _: 'messages.sendMedia', peer: toAlice, media, message: '', randomId: randomLong(), scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
    expect(await savedGifs(bob.main)).toEqual([]);
  });
});

describe('sounds for notifications', () => {
  test('an uploaded sound is kept, loaded and removed', async () => {
    const [alice] = await pair();
    const other = await alice.device();
    const file = makeFile(4000, 'bell.mp3');
    const uploading = { _: 'account.uploadRingtone', file: await upload(alice.main, file), fileName: 'bell.mp3', mimeType: 'audio/mpeg' } as const;
    const uploaded = await alice.main.call(uploading);
    // A client repeats the call if its answer was lost.
    expect((await alice.main.call(uploading)).id).toEqual(uploaded.id);
    expect(await ringtones(alice.main)).toHaveLength(1);
    await other.seesUpdate('updateSavedRingtones', () => true);
    const [kept] = await ringtones(other);
    expect(kept).toMatchObject({ id: uploaded.id, mimeType: 'audio/mpeg' });
    expect(kept!.attributes).toContainEqual(expect.objectContaining({ _: 'documentAttributeAudio', title: 'bell' }));
    expect(hashOf(await download(other, kept!))).toBe(hashOf(file.bytes));
    expect(await other.change({ _: 'account.saveRingtone', id: inputOf(kept!), unsave: true })).toEqual({ _: 'account.savedRingtone' });
    expect(await ringtones(alice.main)).toEqual([]);
  });

  test('an own sound can be chosen for notifications, those of others cannot', async () => {
    const [alice, bob] = await pair();
    const { id } = await alice.main.call({ _: 'account.uploadRingtone', file: await upload(alice.main, makeFile(4000, 'bell.mp3')), fileName: 'bell.mp3', mimeType: 'audio/mpeg' });
    const sound: tl.RawNotificationSoundRingtone = { _: 'notificationSoundRingtone', id };
    const choosing = { _: 'account.updateNotifySettings', peer: { _: 'inputNotifyUsers' }, settings: { _: 'inputPeerNotifySettings', sound } } as const;
    const reactions = { _: 'account.setReactionsNotifySettings', settings: { _: 'reactionsNotifySettings', sound, showPreviews: true } } as const;
    expect(await alice.main.call(choosing)).toBe(true);
    expect(await alice.main.call({ _: 'account.getNotifySettings', peer: choosing.peer })).toMatchObject({ otherSound: sound });
    expect(await alice.main.call(reactions)).toMatchObject({ sound });
    for (const call of [choosing, reactions]) expect((await bob.main.fails(call)).text).toBe('SETTINGS_INVALID');
  });

  test('what is no sound, or too long, is refused', async () => {
    const [alice, bob] = await pair();
    const uploading = (file: tl.TypeInputFile, mimeType: string): tl.RpcMethod => ({ _: 'account.uploadRingtone', file, fileName: 'x', mimeType });
    expect((await alice.main.fails(uploading(await upload(alice.main, makeFile(100)), 'text/plain'))).text).toBe('RINGTONE_MIME_INVALID');
    expect((await alice.main.fails(uploading(await upload(alice.main, makeFile(307_201)), 'audio/mpeg'))).text).toBe('RINGTONE_INVALID');
    const long = await send(alice, bob, { mimeType: 'audio/mpeg', attributes: [{ _: 'documentAttributeAudio', duration: 6 }] });
    expect((await alice.main.fails({ _: 'account.saveRingtone', id: inputOf(long.document), unsave: false })).text).toBe('RINGTONE_INVALID');
  });

  test('the list of sounds is full at 100', async () => {
    const [alice, bob] = await pair();
    const { document } = await send(alice, bob, song('one'));
    const { q } = scenario.server.db;
    const rows = Array.from({ length: 100 }, (_, index) => ({ owner_id: BigInt(alice.id), list: 2, document_id: BigInt(1000 + index), position: BigInt(index) }));
    await q.insertInto('kept_documents').values(rows).execute();
    expect((await alice.main.fails({ _: 'account.saveRingtone', id: inputOf(document), unsave: false })).text).toBe('LIMIT_INVALID');
    await q.deleteFrom('kept_documents').where('document_id', '<', 2000n).execute();
  });
});

describe('music on a profile', () => {
  test('songs stand in the order of their owner, and others see and load them', async () => {
    const [alice, bob] = await pair();
    const [one, two, three] = [await send(alice, alice, song('one')), await send(alice, alice, song('two')), await send(alice, alice, song('three'))].map(({ document }) => document);
    await verifyUpdates([alice], async () => {
      await alice.main.change({ _: 'account.saveMusic', id: inputOf(one!) });
      await alice.main.change({ _: 'account.saveMusic', id: inputOf(two!) });
      await alice.main.change({ _: 'account.saveMusic', id: inputOf(three!), afterId: inputOf(two!) });
    });
    const order = idsOf([two!, three!, one!]);
    expect(idsOf(await musicOf(bob.main, alice.id))).toEqual(order);
    // A client that sends 0 leaves the number to the server.
    expect(idsOf(await musicOf(bob.main, alice.id, 0))).toEqual(order);
    const own = await alice.main.call({ _: 'account.getSavedMusicIds', hash: Long.ZERO });
    expect(own._ === 'account.savedMusicIds' && own.ids.map(String)).toEqual(order);
    const { fullUser } = await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) });
    const shown = fullUser.savedMusic as tl.RawDocument;
    expect(shown.id).toEqual(two!.id);
    expect((await download(bob.main, shown)).length).toBe(3000);
    const again = await bob.main.call({ _: 'users.getSavedMusicByID', id: bob.main.inputUser(alice.id), documents: [inputOf(one!), { _: 'inputDocument', id: Long.ONE, accessHash: Long.ONE, fileReference: new Uint8Array() }] });
    expect(again._ === 'users.savedMusic' && idsOf(again.documents)).toEqual(idsOf([one!]));
    await alice.main.change({ _: 'account.saveMusic', unsave: true, id: inputOf(two!) });
    expect(idsOf(await musicOf(bob.main, alice.id))).toEqual(idsOf([three!, one!]));
  });

  test('bots list and load the music of people, as far as its owner lets them', async () => {
    const [alice] = await pair();
    for (const title of ['one', 'two', 'three']) await alice.main.change({ _: 'account.saveMusic', id: inputOf((await send(alice, alice, song(title))).document) });
    const made = await makeBot(scenario, 'music_fan_bot');
    const bot = new CheckedBot(scenario.server, made.token);
    await write(alice, made, '/start');
    const list = (page: { offset?: number; limit?: number } = {}) => bot.call<{ total_count: number; audios: { title: string; file_id: string }[] }>('getUserProfileAudios', { user_id: alice.id, ...page });
    const { total_count, audios } = await list();
    expect([total_count, audios.map(({ title }) => title)]).toEqual([3, ['three', 'two', 'one']]);
    expect(await list({ offset: 1, limit: 1 })).toMatchObject({ total_count: 3, audios: [{ title: 'two', duration: 3 }] });
    expect(await list({ offset: 3 })).toEqual({ total_count: 3, audios: [] });
    const { file_path } = await bot.call<{ file_path: string }>('getFile', { file_id: audios[0]!.file_id });
    expect((await (await fetch(bot.fileUrl(file_path))).arrayBuffer()).byteLength).toBe(3000);

    await alice.main.change({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeySavedMusic' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    expect(await list()).toEqual({ total_count: 0, audios: [] });
  });

  test('who may not see the music learns nothing of it and cannot load it any longer', async () => {
    const [alice, bob] = await pair();
    const { document } = await send(alice, alice, song('secret'));
    await alice.main.change({ _: 'account.saveMusic', id: inputOf(document) });
    const [seen] = await musicOf(bob.main, alice.id);
    await alice.main.change({ _: 'account.setPrivacy', key: { _: 'inputPrivacyKeySavedMusic' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }] });
    expect(await musicOf(bob.main, alice.id)).toEqual([]);
    expect((await bob.main.call({ _: 'users.getFullUser', id: bob.main.inputUser(alice.id) })).fullUser.savedMusic).toBeUndefined();
    expect(await losesFile(bob, seen!)).toBe('FILE_REFERENCE_EXPIRED');
    expect(idsOf(await musicOf(alice.main, alice.id))).toEqual(idsOf([document]));
  });

  test('voice messages are no music', async () => {
    const [alice, bob] = await pair();
    const { document } = await send(alice, bob, { mimeType: 'audio/ogg', attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 1 }] });
    expect((await alice.main.fails({ _: 'account.saveMusic', id: inputOf(document) })).text).toBe('DOCUMENT_INVALID');
  });
});
