import { createHash } from 'node:crypto';
import { createShiftedClock, type Actor } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelStage, createChannel, losesChannel, promoteIn } from './channel-stage.ts';
import { documentIn, documentInPost, documentOf, download, editMedia, failsToLoad, hashOf, locationOf, losesFile, makeFile, postDocument, sendFile, sendMedia, type SentFile, uploadedDocument } from './file-stage.ts';
import { createGroup, people } from './group-stage.ts';
import { startScenario, type Scenario } from './scenario.ts';

const DAY_MS = 86_400_000;
const clock = createShiftedClock();
let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Posts a file in a channel, and waits until a member has it. @returns the id of the post, and the document as the member sees it */
async function postFile(author: Actor, id: number, { member, file, caption }: { member: Actor; file: SentFile; caption: string }): Promise<{ post: number; document: tl.RawDocument }> {
  const post = await postDocument(author.main, await uploadedDocument(author.main, file), { peer: author.main.inputPeer(id), caption });
  await member.sees(caption);
  return { post, document: await documentInPost(member, id, post) };
}

const loads = async (actor: Actor, document: tl.RawDocument, file: SentFile): Promise<void> => expect(hashOf(await download(actor.main, document))).toBe(hashOf(file.bytes));

/** Bans somebody from a supergroup. */
async function ban(admin: Actor, id: number, member: Actor, isBanned = true): Promise<void> {
  const bannedRights: tl.RawChatBannedRights = { _: 'chatBannedRights', viewMessages: isBanned, untilDate: 0 };
  await admin.main.change({ _: 'channels.editBanned', channel: admin.main.inputChannel(id), participant: admin.main.inputPeer(member.id), bannedRights });
}

describe('the file of a message goes with the right to the message', () => {
  test.each([
    ['banned from', false],
    ['kicked from', true],
  ])('when somebody is %s a supergroup; a copy that they have forwarded stays', async (_, isPardoned) => {
    const { id, alice, bob } = await channelStage(scenario);
    const file = makeFile(5000);
    const { post, document } = await postFile(alice, id, { member: bob, file, caption: 'for members' });
    await loads(bob, document, file);
    const { updates } = (await bob.main.change({ _: 'messages.forwardMessages', fromPeer: bob.main.inputPeer(id), id: [post], randomId: [randomLong()], toPeer: { _: 'inputPeerSelf' } })) as tl.RawUpdates;
    const own = updates.find((update) => update._ === 'updateMessageID')!.id;
    await ban(alice, id, bob);
    if (isPardoned) await ban(alice, id, bob, false);
    await losesChannel(bob.main, id);
    expect(await losesFile(bob, document)).toBe('FILE_REFERENCE_EXPIRED');
    expect((await bob.main.fails({ _: 'upload.getFileHashes', location: locationOf(document), offset: 0 })).text).toBe('FILE_REFERENCE_EXPIRED');
    await loads(bob, await documentOf(bob.main, own), file);
  });

  test('when a post is deleted, or an account deletes its history for both', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    const { post, document } = await postFile(alice, id, { member: bob, file: makeFile(5000), caption: 'a mistake' });
    await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [post] });
    for (const actor of [alice, bob]) expect(await losesFile(actor, document)).toBe('FILE_REFERENCE_EXPIRED');
    const sent = await sendFile(alice, bob, makeFile(5000), 'between us');
    const [mine, theirs] = [await documentOf(alice.main, sent), await documentOf(bob.main, (await bob.sees('between us')).id)];
    await bob.main.change({ _: 'messages.deleteHistory', peer: bob.main.inputPeer(alice.id), maxId: 0, revoke: true });
    expect(await losesFile(bob, theirs)).toBe('FILE_REFERENCE_EXPIRED');
    expect(await losesFile(alice, mine)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('when a channel becomes private, for those who are not in it', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    const stranger = await scenario.world.user('Mallory');
    const setUsername = (username: string): Promise<unknown> => alice.main.call({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username });
    await setUsername('open_for_now');
    const file = makeFile(5000);
    const { post, document } = await postFile(alice, id, { member: bob, file, caption: 'for all' });
    await stranger.main.call({ _: 'contacts.resolveUsername', username: 'open_for_now' });
    await loads(stranger, await documentInPost(stranger, id, post), file);
    await setUsername('');
    expect(await losesFile(stranger, document)).toBe('FILE_REFERENCE_EXPIRED');
    await loads(bob, document, file);
  });

  test('a member who is removed from a basic group keeps the files of the messages they have, and gets no others', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    const file = makeFile(5000);
    await sendMedia(alice.main, await uploadedDocument(alice.main, file), { peer: group.peer, caption: 'before' });
    const before = await documentOf(bob.main, (await bob.sees('before')).id);
    await alice.main.change({ _: 'messages.deleteChatUser', chatId: group.id, userId: alice.main.inputUser(bob.id) });
    const after = await documentOf(alice.main, await sendMedia(alice.main, await uploadedDocument(alice.main, makeFile(5000)), { peer: group.peer, caption: 'after' }));
    await loads(bob, before, file);
    expect(await failsToLoad(bob.main, after)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('after a block both keep what they have; what the blocked one sends then reaches nobody else', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const file = makeFile(5000);
    await sendFile(alice, bob, file, 'before');
    const before = await documentOf(bob.main, (await bob.sees('before')).id);
    await alice.main.change({ _: 'contacts.block', id: alice.main.inputPeer(bob.id) });
    await loads(bob, before, file);
    const withheld = await documentOf(bob.main, await sendFile(bob, alice, file, 'withheld'));
    await loads(bob, withheld, file);
    expect(await failsToLoad(alice.main, withheld)).toBe('FILE_REFERENCE_EXPIRED');
    const media = await uploadedDocument(alice.main, file);
    expect(await alice.main.fails({ _: 'messages.sendMedia', peer: alice.main.inputPeer(bob.id), media, message: '', randomId: randomLong() })).toMatchObject({ text: 'YOU_BLOCKED_USER' });
  });
});

describe('what only its owner may load', () => {
  test('scheduled messages of a private chat and of a channel', async () => {
    const { id, alice, bob } = await channelStage(scenario, 'broadcast');
    await promoteIn(alice, id, bob, { postMessages: true });
    await alice.meet(bob);
    const scheduleDate = clock.now() + 7200;
    for (const to of [bob.id, id]) {
      const peer = alice.main.inputPeer(to);
      const file = makeFile(5000);
      const { updates } = (await alice.main.change({ _: 'messages.sendMedia', peer, media: await uploadedDocument(alice.main, file), message: '', randomId: randomLong(), scheduleDate })) as tl.RawUpdates;
      const update = updates.find((one) => one._ === 'updateNewScheduledMessage')!;
      const document = documentIn(update.message._ === 'message' ? update.message.media : undefined);
      await loads(alice, document, file);
      expect(await failsToLoad(bob.main, document)).toBe('FILE_REFERENCE_EXPIRED');
    }
  });

  test('files that were uploaded and not sent', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const file = makeFile(5000);
    const media = await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: await uploadedDocument(alice.main, file) });
    const document = documentIn(media);
    await loads(alice, document, file);
    expect(await failsToLoad(bob.main, document)).toBe('FILE_REFERENCE_EXPIRED');
  });
});

describe('files in the admin log', () => {
  /** The documents in the messages of the log, newest event first. */
  async function documentsInLog(admin: Actor, id: number): Promise<tl.RawDocument[]> {
    const { events } = await admin.main.call({ _: 'channels.getAdminLog', channel: admin.main.inputChannel(id), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 100 });
    const messages = events.flatMap(({ action }) => ('message' in action ? [action.message] : 'newMessage' in action ? [action.prevMessage, action.newMessage] : []));
    return messages.flatMap((message) => (typeof message === 'object' && message._ === 'message' && message.media ? [documentIn(message.media)] : []));
  }

  test('admins load the file of a deleted post for as long as they may read the log, and cannot send it again', async () => {
    const { id, alice, bob, carol } = await channelStage(scenario);
    await promoteIn(alice, id, carol, { deleteMessages: true });
    const file = makeFile(5000);
    const { post, document } = await postFile(bob, id, { member: alice, file, caption: 'rude' });
    await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(id), id: [post] });
    expect(await losesFile(carol, document)).toBe('FILE_REFERENCE_EXPIRED');
    const [logged] = await documentsInLog(carol, id);
    await loads(carol, logged!, file);
    await loads(alice, logged!, file);
    expect(await failsToLoad(bob.main, logged!)).toBe('FILE_REFERENCE_EXPIRED');
    const media: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id: logged!.id, accessHash: logged!.accessHash, fileReference: logged!.fileReference } };
    expect(await carol.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media, message: '', randomId: randomLong() })).toMatchObject({ text: 'CHAT_FORWARDS_RESTRICTED' });
    await promoteIn(alice, id, carol, {});
    expect(await losesFile(carol, logged!)).toBe('FILE_REFERENCE_EXPIRED');
  });

  test('the file before an edit and the one after it, until the event leaves the log', async () => {
    const { id, alice, bob } = await channelStage(scenario);
    const [first, second] = [makeFile(5000), makeFile(6000)];
    const { post } = await postFile(alice, id, { member: bob, file: first, caption: 'a plan' });
    await editMedia(alice.main, await uploadedDocument(alice.main, second), { peer: alice.main.inputPeer(id), id: post, caption: 'a better plan' });
    const [before, after] = await documentsInLog(alice, id);
    await loads(alice, before!, first);
    await loads(alice, after!, second);
    expect(await failsToLoad(bob.main, before!)).toBe('FILE_REFERENCE_EXPIRED');
    clock.shift(DAY_MS + DAY_MS / 2);
    const [renewed] = await documentsInLog(alice, id);
    await loads(alice, renewed!, first);
    clock.shift(DAY_MS / 2 + 60_000);
    expect(await documentsInLog(alice, id)).toEqual([]);
    expect(await losesFile(alice, renewed!)).toBe('FILE_REFERENCE_EXPIRED');
  });
});

test('hashes of files of others tell nothing', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const mallory = await scenario.world.user('Mallory');
  const file = makeFile(5000);
  const sent = await sendFile(alice, bob, file, 'secret');
  const document = await documentOf(alice.main, sent);
  const content = { sha256: createHash('sha256').update(file.bytes).digest(), size: file.bytes.length, mimeType: 'application/octet-stream' };
  const ask = (actor: Actor): Promise<tl.TypeDocument> => actor.main.call({ _: 'messages.getDocumentByHash', ...content });
  expect(await ask(bob)).toMatchObject({ _: 'document', id: document.id });
  expect(await ask(mallory)).toMatchObject({ _: 'documentEmpty' });
  // Mallory has the id, and guesses the rest.
  for (const [accessHash, fileReference] of [[Long.ZERO, new Uint8Array()], [document.accessHash.add(1), document.fileReference], [randomLong(), Buffer.alloc(26, 2)]] as const) {
    const guessed = { ...document, accessHash, fileReference };
    const id: tl.RawInputDocument = { _: 'inputDocument', id: document.id, accessHash, fileReference };
    expect(await failsToLoad(mallory.main, guessed)).toBe('FILE_ID_INVALID');
    expect((await mallory.main.fails({ _: 'upload.getFileHashes', location: locationOf(guessed), offset: 0 })).text).toBe('FILE_ID_INVALID');
    expect((await mallory.main.fails({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaDocument', id }, message: '', randomId: randomLong() })).text).toBe('DOCUMENT_INVALID');
    expect((await mallory.main.fails({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: { _: 'inputMediaDocument', id } })).text).toBe('DOCUMENT_INVALID');
  }
  // Whoever has the content learns nothing by uploading it: the document is a new one.
  const own = await documentOf(mallory.main, await sendMedia(mallory.main, await uploadedDocument(mallory.main, file), { peer: { _: 'inputPeerSelf' } }));
  expect(own.id).not.toEqual(document.id);
  expect(await ask(mallory)).toMatchObject({ _: 'document', id: own.id });
  await bob.main.change({ _: 'messages.deleteHistory', peer: bob.main.inputPeer(alice.id), maxId: 0, revoke: true });
  for (const actor of [alice, bob]) expect(await ask(actor)).toMatchObject({ _: 'documentEmpty' });
});

test('the file of a post of a public channel cannot be loaded with the access hash of another document', async () => {
  const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
  const id = await createChannel(alice, 'broadcast', 'News');
  const open = await documentInPost(alice, id, await postDocument(alice.main, await uploadedDocument(alice.main, makeFile(100)), { peer: alice.main.inputPeer(id) }));
  const secret = await documentOf(bob.main, await sendMedia(bob.main, await uploadedDocument(bob.main, makeFile(100)), { peer: { _: 'inputPeerSelf' } }));
  expect(await failsToLoad(alice.main, { ...open, id: secret.id })).toBe('FILE_ID_INVALID');
  expect(await failsToLoad(alice.main, { ...open, id: secret.id, accessHash: secret.accessHash })).toBe('FILE_REFERENCE_INVALID');
});
