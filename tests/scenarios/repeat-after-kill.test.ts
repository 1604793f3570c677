import { Long, tl } from '@mtcute/node';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { World, type Actor } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';
import { knowsChannel, losesChannel } from './channel-stage.ts';
import { enter, exportInvite, refusalOf, revokeInvite } from './invite-stage.ts';
import { upload } from './file-stage.ts';
import { foldersOf, inputsOf, joinFolder, listOf, look, makeFolder, shareFolder } from './folder-stage.ts';
import { makePicture } from './photo-stage.ts';

/**
 * Rule S6: a client that lost its answer because of a `kill -9` calls again. Methods without random_id must then have the effect of one
 * call, whether the first one was executed or not.
 */
let database: TestDatabase;
let server: ServerProcess;
let world: World;
let alice: Actor;
let bob: Actor;
beforeAll(async () => {
  database = await testDatabase();
  server = await startServerProcess({ databaseUrl: database.url });
  world = new World(server);
  alice = await world.user('Alice');
  bob = await world.user('Bob');
  await alice.send(bob, 'hello');
  await bob.send(alice, 'hi', { replyTo: await bob.sees('hello') });
  await alice.sees('hi');
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

/** Reads both boxes. Leaves out when drafts were saved: a draft that is saved again has a later date. */
async function readBoxes(): Promise<unknown[]> {
  const boxes = [(await alice.main.load()).describe(), (await bob.main.load()).describe()];
  for (const box of boxes) for (const [name, value] of Object.entries(box)) if (name.startsWith('draft ')) box[name] = { ...(value as object), date: 0 };
  return boxes;
}

/** Does something, kills the server, does it again, and returns the content of both boxes. Actions that do not depend on each other share a kill. */
async function twice(...actions: (() => Promise<unknown>)[]): Promise<unknown[]> {
  for (const action of actions) await action();
  const before = await readBoxes();
  await server.restart();
  for (const action of actions) {
    await action().catch((error: unknown) => {
      // MESSAGE_NOT_MODIFIED and the like say that nothing changed.
      if (!(error instanceof tl.RpcError) || error.code !== 400) throw error;
    });
  }
  const after = await readBoxes();
  expect(after).toEqual(before);
  return after;
}

describe('repeated after kill -9', () => {
  test('edit and read', async () => {
    const [message, last] = [alice.main.find('hello')!, alice.main.find('hi')!];
    await twice(
      () => alice.main.call({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id: message.id, message: 'hello!' }),
      () => alice.main.call({ _: 'messages.readHistory', peer: alice.main.inputPeer(bob.id), maxId: last.id }),
    );
    expect((await bob.main.loadHistory(alice.id)).map((row) => row.text)).toEqual(['hi', 'hello!']);
  });

  test('delete, draft, profile, contacts', async () => {
    const message = alice.main.find('hi')!;
    const contact = { _: 'inputPhoneContact' as const, clientId: Long.ONE, phone: bob.phone, firstName: 'Bobby', lastName: '' };
    await twice(
      () => alice.main.call({ _: 'messages.deleteMessages', id: [message.id], revoke: true }),
      () => alice.main.call({ _: 'messages.saveDraft', peer: alice.main.inputPeer(bob.id), message: 'unfinished' }),
      () => alice.main.call({ _: 'account.updateProfile', firstName: 'Alicia' }),
      () => alice.main.call({ _: 'contacts.importContacts', contacts: [contact] }),
    );
    expect((await bob.main.loadHistory(alice.id)).map((row) => row.text)).toEqual(['hello!']);
    const contacts = await alice.main.call({ _: 'contacts.getContacts', hash: Long.ZERO });
    if (contacts._ === 'contacts.contactsNotModified') throw new Error('not modified');
    expect(contacts.contacts.map((row) => row.userId)).toEqual([bob.id]);
    const [me] = await alice.main.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    expect(me).toMatchObject({ firstName: 'Alicia' });
  });

  test('tasks of a checklist', async () => {
    const task = (id: number): tl.RawTodoItem => ({ _: 'todoItem', id, title: { _: 'textWithEntities', text: `Task ${id}`, entities: [] } });
    const todo: tl.RawTodoList = { _: 'todoList', title: { _: 'textWithEntities', text: 'List', entities: [] }, list: [task(1), task(2)], othersCanComplete: true, othersCanAppend: true };
    const peer = alice.main.inputPeer(bob.id);
    const sent = (await alice.main.call({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaTodo', todo }, message: '', randomId: Long.fromNumber(77) })) as tl.RawUpdates;
    const { id: msgId } = sent.updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID;
    await twice(
      () => alice.main.call({ _: 'messages.toggleTodoCompleted', peer, msgId, completed: [2], incompleted: [1] }),
      () => alice.main.call({ _: 'messages.appendTodoList', peer, msgId, list: [task(3)] }),
    );
    const toAlice = bob.main.inputPeer(alice.id);
    const { messages } = (await bob.main.call({ _: 'messages.getHistory', peer: toAlice, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 3, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
    expect(messages).toMatchObject([
      { action: { _: 'messageActionTodoAppendTasks', list: [{ id: 3 }] } },
      { action: { _: 'messageActionTodoCompletions', completed: [2], incompleted: [] } },
      { media: { todo: { list: [{}, {}, { id: 3 }] }, completions: [{ id: 2, completedBy: { userId: alice.id } }] } },
    ]);
  });

  test('photos of profiles and contacts, wallpapers, and the wallpaper and theme of a private chat', async () => {
    const userId = alice.main.inputUser(bob.id);
    const uploadPicture = async (): Promise<tl.TypeInputFile> => upload(alice.main, { bytes: await makePicture(300, 300), name: 'a.jpg' });
    const [file, fallback, forContact, suggestion, picture] = [await uploadPicture(), await uploadPicture(), await uploadPicture(), await uploadPicture(), await uploadPicture()];
    const peer = alice.main.inputPeer(bob.id);
    const slugs: string[] = [];
    await twice(
      () => alice.main.call({ _: 'photos.uploadProfilePhoto', file }),
      () => alice.main.call({ _: 'photos.uploadProfilePhoto', file: fallback, fallback: true }),
      () => alice.main.call({ _: 'photos.uploadContactProfilePhoto', userId, file: forContact, save: true }),
      () => alice.main.call({ _: 'photos.uploadContactProfilePhoto', userId, file: suggestion, suggest: true }),
      async () => {
        const wallpaper = await alice.main.call({ _: 'account.uploadWallPaper', file: picture, mimeType: 'image/jpeg', settings: { _: 'wallPaperSettings' } });
        slugs.push((wallpaper as tl.RawWallPaper).slug);
      },
      () => alice.main.call({ _: 'messages.setChatWallPaper', peer, forBoth: true, wallpaper: { _: 'inputWallPaperNoFile', id: Long.ZERO }, settings: { _: 'wallPaperSettings', backgroundColor: 1 } }),
      () => alice.main.call({ _: 'messages.setChatTheme', peer, theme: { _: 'inputChatTheme', emoticon: '🌊' } }),
    );
    const history = (await alice.main.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
    const countActions = (kind: tl.TypeMessageAction['_']): number => history.messages.filter((message) => message._ === 'messageService' && message.action._ === kind).length;
    expect([countActions('messageActionSuggestProfilePhoto'), countActions('messageActionSetChatWallPaper'), countActions('messageActionSetChatTheme')]).toEqual([1, 1, 1]);
    expect(slugs[1]).toBe(slugs[0]);
  });

  test('sticker sets', async () => {
    const uploaded = async (): Promise<tl.RawInputStickerSetItem> => {
      const media: tl.TypeInputMedia = { _: 'inputMediaUploadedDocument', file: await upload(alice.main, { bytes: await makePicture(512, 512, 'png'), name: 'a.png' }), mimeType: 'image/png', attributes: [], forceFile: true };
      const { document } = (await alice.main.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media })) as tl.RawMessageMediaDocument;
      const { id, accessHash, fileReference } = document as tl.RawDocument;
      return { _: 'inputStickerSetItem', document: { _: 'inputDocument', id, accessHash, fileReference }, emoji: '🐙' };
    };
    const [first, second] = [await uploaded(), { ...(await uploaded()), emoji: '🦑' }];
    const stickerset: tl.TypeInputStickerSet = { _: 'inputStickerSetShortName', shortName: 'killed_set' };
    await twice(() => alice.main.call({ _: 'stickers.createStickerSet', userId: { _: 'inputUserSelf' }, title: 'Sea', shortName: 'killed_set', stickers: [first] }));
    await twice(() => alice.main.call({ _: 'stickers.addStickerToSet', stickerset, sticker: second }));
    const { set, packs } = (await alice.main.call({ _: 'messages.getStickerSet', stickerset, hash: 0 })) as tl.messages.RawStickerSet;
    expect([set.count, packs.map(({ emoticon }) => emoticon)]).toEqual([2, ['🐙', '🦑']]);
    await twice(() => alice.main.call({ _: 'stickers.renameStickerSet', stickerset, title: 'Fish' }));
  });

  test('basic groups', async () => {
    const { updates } = await alice.main.invite({ _: 'messages.createChat', users: [], title: 'Alone' });
    const chatId = (updates as tl.RawUpdates).chats[0]!.id;
    const userId = alice.main.inputUser(bob.id);
    await twice(
      () => alice.main.call({ _: 'messages.addChatUser', chatId, userId, fwdLimit: 0 }),
      () => alice.main.call({ _: 'messages.editChatTitle', chatId, title: 'Two' }),
      () => alice.main.call({ _: 'messages.editChatAdmin', chatId, userId, isAdmin: true }),
    );
    await twice(() => alice.main.call({ _: 'messages.deleteChatUser', chatId, userId }));
    const { chats } = await alice.main.call({ _: 'messages.getChats', id: [chatId] });
    expect(chats).toMatchObject([{ title: 'Two', participantsCount: 1, version: 4 }]);
  });

  test('protection, mentions, a new creator and the move of a basic group', async () => {
    const userId = alice.main.inputUser(bob.id);
    const { updates } = await alice.main.invite({ _: 'messages.createChat', users: [userId], title: 'Moving' });
    const chatId = (updates as tl.RawUpdates).chats[0]!.id;
    const peer: tl.TypeInputPeer = { _: 'inputPeerChat', chatId };
    await twice(() => alice.main.call({ _: 'messages.toggleNoForwards', peer, enabled: true }));
    const entities: tl.TypeMessageEntity[] = [{ _: 'inputMessageEntityMentionName', offset: 0, length: 5, userId: bob.main.inputUser(alice.id) }];
    await bob.main.call({ _: 'messages.sendMessage', peer, message: 'Alice', entities, randomId: Long.fromNumber(7) });
    const dialogOf = async (): Promise<tl.RawDialog> => (await alice.main.call({ _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] })).dialogs[0] as tl.RawDialog;
    expect(await dialogOf()).toMatchObject({ unreadMentionsCount: 1 });
    await twice(() => alice.main.call({ _: 'messages.readMentions', peer }));
    expect(await dialogOf()).toMatchObject({ unreadMentionsCount: 0 });

    await enableCloudPassword(alice.main.client, { password: 'correct horse', hint: '' });
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    await sql.query('UPDATE passwords SET changed_date = changed_date - 1000000');
    await sql.query('UPDATE authorizations SET created_date = created_date - 1000000');
    await sql.end();
    const password = await alice.main.client.computeSrpParams(await alice.main.call({ _: 'account.getPassword' }), 'correct horse');
    await twice(() => alice.main.call({ _: 'messages.editChatCreator', peer, userId, password }));
    await twice(() => bob.main.call({ _: 'messages.migrateChat', chatId }));
    const { chats } = await bob.main.call({ _: 'messages.getChats', id: [chatId] });
    expect(chats).toMatchObject([{ creator: true, deactivated: true, version: 3, migratedTo: { _: 'inputChannel' } }]);
  });

  test('invite links', async () => {
    const { chats } = (await alice.main.change({ _: 'channels.createChannel', megagroup: true, title: 'By link', about: '' })) as tl.RawUpdates;
    const id = -1_000_000_000_000 - chats[0]!.id;
    const [channel, peer] = [alice.main.inputChannel(id), alice.main.inputPeer(id)];
    const count = async (): Promise<number> => ((await alice.main.call({ _: 'channels.getFullChannel', channel })).fullChat as tl.RawChannelFull).participantsCount!;
    const { link } = await exportInvite(alice, id, { usageLimit: 1 });
    const usageOf = async (one: string): Promise<number | undefined> => ((await alice.main.call({ _: 'messages.getExportedChatInvite', peer, link: one })).invite as tl.RawChatInviteExported).usage;
    await twice(() => enter(bob, link));
    await knowsChannel(bob.main, id);
    expect([await count(), await usageOf(link)]).toEqual([2, 1]);
    await bob.main.change({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) });

    const asking = await exportInvite(alice, id, { requestNeeded: true });
    await twice(async () => expect(await refusalOf(enter(bob, asking.link))).toBe('INVITE_REQUEST_SENT'));
    await twice(() => alice.main.call({ _: 'messages.hideChatJoinRequest', peer, userId: alice.main.inputUser(bob.id), approved: true }));
    expect([await count(), await usageOf(asking.link), await usageOf(link)]).toEqual([2, 1, undefined]);
    await twice(() => revokeInvite(alice, id, link));
    await twice(() => alice.main.call({ _: 'messages.deleteExportedChatInvite', peer, link }));
    const { invites } = await alice.main.call({ _: 'messages.getExportedChatInvites', peer, adminId: { _: 'inputUserSelf' }, limit: 10 });
    expect(invites).toMatchObject([{ link: asking.link }]);
    await alice.main.call({ _: 'channels.deleteChannel', channel });
    await losesChannel(bob.main, id);
  });

  test('supergroups', async () => {
    const { chats } = (await alice.main.change({ _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' })) as tl.RawUpdates;
    const id = -1_000_000_000_000 - chats[0]!.id;
    const [channel, peer, userId] = [alice.main.inputChannel(id), alice.main.inputPeer(id), alice.main.inputUser(bob.id)];
    const of = async (): Promise<tl.RawChannel> => (await alice.main.call({ _: 'channels.getChannels', id: [channel] })).chats[0] as tl.RawChannel;
    const count = async (): Promise<number> => ((await alice.main.call({ _: 'channels.getFullChannel', channel })).fullChat as tl.RawChannelFull).participantsCount!;
    await twice(
      () => alice.main.call({ _: 'channels.inviteToChannel', channel, users: [userId] }),
      () => alice.main.call({ _: 'channels.updateUsername', channel, username: 'boulders_here' }),
      () => alice.main.call({ _: 'channels.editAdmin', channel, userId, adminRights: { _: 'chatAdminRights', pinMessages: true }, rank: 'setter' }),
    );
    await bob.main.waitUntil('the supergroup', () => bob.main.state.channels.find(id) !== undefined);
    expect(await count()).toBe(2);
    const sent = (await alice.main.call({ _: 'messages.sendMessage', peer, message: 'new routes', randomId: Long.fromNumber(8) })) as tl.RawUpdates;
    const { id: msgId } = sent.updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID;
    await twice(
      () => bob.main.call({ _: 'messages.updatePinnedMessage', peer: bob.main.inputPeer(id), id: msgId }),
      () => bob.main.call({ _: 'channels.readHistory', channel: bob.main.inputChannel(id), maxId: msgId }),
    );
    const ban: tl.RawChatBannedRights = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 };
    await twice(() => alice.main.call({ _: 'channels.editBanned', channel, participant: alice.main.inputPeer(bob.id), bannedRights: ban }));
    expect(await count()).toBe(1);
    await alice.main.call({ _: 'channels.editBanned', channel, participant: alice.main.inputPeer(bob.id), bannedRights: { ...ban, viewMessages: false } });
    await twice(() => bob.main.call({ _: 'channels.joinChannel', channel: bob.main.inputChannel(id) }));
    expect(await count()).toBe(2);
    await twice(() => bob.main.call({ _: 'channels.leaveChannel', channel: bob.main.inputChannel(id) }));
    expect([await count(), await of()]).toMatchObject([1, { username: 'boulders_here' }]);
    await twice(() => alice.main.call({ _: 'channels.deleteMessages', channel, id: [msgId] }));
    const listed = async (): Promise<boolean> => {
      const { dialogs } = (await alice.main.call({ _: 'messages.getDialogs', offsetDate: 0, offsetId: 0, offsetPeer: { _: 'inputPeerEmpty' }, limit: 100, hash: Long.ZERO })) as tl.messages.RawDialogs;
      return dialogs.some(({ peer: one }) => one._ === 'peerChannel' && one.channelId === channel.channelId);
    };
    await twice(async () => {
      await alice.main.call({ _: 'channels.deleteChannel', channel });
      // A job takes the supergroup out of the lists of its members.
      await expect.poll(listed, { timeout: 30_000 }).toBe(false);
    });
    expect(await alice.main.fails({ _: 'channels.getChannels', id: [channel] })).toEqual({ code: 400, text: 'CHANNEL_PRIVATE' });
  });

  test('shared folders', async () => {
    const { chats } = (await alice.main.change({ _: 'channels.createChannel', megagroup: true, title: 'Shared', about: '' })) as tl.RawUpdates;
    const id = -1_000_000_000_000 - chats[0]!.id;
    await makeFolder(alice, 5, [id], 'Shared');
    const slugs: string[] = [];
    await twice(async () => slugs.push(await shareFolder(alice, 5, [id])));
    expect(new Set(slugs).size).toBe(1);
    const [slug] = slugs as [string];
    const { id: filterId } = await joinFolder(bob, slug);
    await knowsChannel(bob.main, id);
    await twice(() => joinFolder(bob, slug));
    expect(await foldersOf(bob)).toHaveLength(1);
    const offered = [...inputsOf(await look(bob, slug)).values()];
    await twice(
      () => bob.main.call({ _: 'chatlists.joinChatlistUpdates', chatlist: listOf(filterId), peers: offered }),
      () => bob.main.call({ _: 'chatlists.hideChatlistUpdates', chatlist: listOf(filterId) }),
      () => alice.main.call({ _: 'chatlists.editExportedInvite', chatlist: listOf(5), slug, title: 'once' }),
    );
    await twice(() => bob.main.change({ _: 'chatlists.leaveChatlist', chatlist: listOf(filterId), peers: offered }));
    expect(await foldersOf(bob)).toEqual([]);
    await losesChannel(bob.main, id);
    await twice(() => alice.main.call({ _: 'chatlists.deleteExportedInvite', chatlist: listOf(5), slug }));
    expect((await alice.main.call({ _: 'chatlists.getExportedInvites', chatlist: listOf(5) })).invites).toEqual([]);
  });

  test('sign-up: the account exists once and the layer is still known', async () => {
    const { phone } = bob;
    await server.restart();
    const again = await bob.device();
    expect(again.state.self).toBe(bob.id);
    expect(phone).toBe(bob.phone);
    bob.devices.pop();
    await again.goOffline();
  });
});
