import { Long, tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { World, type Actor } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { testDatabase, type TestDatabase } from '@aerogram/storage/testing';

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
  database = await testDatabase({ isEmpty: true });
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

/** Does something, kills the server, does it again, and returns the content of both boxes. */
async function twice(action: () => Promise<unknown>): Promise<unknown[]> {
  await action();
  const before = await readBoxes();
  await server.restart();
  await action().catch((error: unknown) => {
    // MESSAGE_NOT_MODIFIED and the like say that nothing changed.
    if (!(error instanceof tl.RpcError) || error.code !== 400) throw error;
  });
  const after = await readBoxes();
  expect(after).toEqual(before);
  return after;
}

describe('repeated after kill -9', () => {
  test('edit', async () => {
    const message = alice.main.find('hello')!;
    await twice(() => alice.main.call({ _: 'messages.editMessage', peer: alice.main.inputPeer(bob.id), id: message.id, message: 'hello!' }));
    expect((await bob.main.loadHistory(alice.id)).map((row) => row.text)).toEqual(['hi', 'hello!']);
  });

  test('read', async () => {
    const last = alice.main.find('hi')!;
    await twice(() => alice.main.call({ _: 'messages.readHistory', peer: alice.main.inputPeer(bob.id), maxId: last.id }));
  });

  test('delete', async () => {
    const message = alice.main.find('hi')!;
    await twice(() => alice.main.call({ _: 'messages.deleteMessages', id: [message.id], revoke: true }));
    expect((await bob.main.loadHistory(alice.id)).map((row) => row.text)).toEqual(['hello!']);
  });

  test('draft, profile, contacts', async () => {
    await twice(() => alice.main.call({ _: 'messages.saveDraft', peer: alice.main.inputPeer(bob.id), message: 'unfinished' }));
    await twice(() => alice.main.call({ _: 'account.updateProfile', firstName: 'Alicia' }));
    const contact = { _: 'inputPhoneContact' as const, clientId: Long.ONE, phone: bob.phone, firstName: 'Bobby', lastName: '' };
    await twice(() => alice.main.call({ _: 'contacts.importContacts', contacts: [contact] }));
    const contacts = await alice.main.call({ _: 'contacts.getContacts', hash: Long.ZERO });
    if (contacts._ === 'contacts.contactsNotModified') throw new Error('not modified');
    expect(contacts.contacts.map((row) => row.userId)).toEqual([bob.id]);
    const [me] = await alice.main.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
    expect(me).toMatchObject({ firstName: 'Alicia' });
  });

  test('basic groups', async () => {
    const { updates } = await alice.main.invite({ _: 'messages.createChat', users: [], title: 'Alone' });
    const chatId = (updates as tl.RawUpdates).chats[0]!.id;
    const userId = alice.main.inputUser(bob.id);
    await twice(() => alice.main.call({ _: 'messages.addChatUser', chatId, userId, fwdLimit: 0 }));
    await twice(() => alice.main.call({ _: 'messages.editChatTitle', chatId, title: 'Two' }));
    await twice(() => alice.main.call({ _: 'messages.editChatAdmin', chatId, userId, isAdmin: true }));
    await twice(() => alice.main.call({ _: 'messages.deleteChatUser', chatId, userId }));
    const { chats } = await alice.main.call({ _: 'messages.getChats', id: [chatId] });
    expect(chats).toMatchObject([{ title: 'Two', participantsCount: 1, version: 4 }]);
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
