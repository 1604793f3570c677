import { expect } from 'vitest';
import type { ServerProcess } from '@aerogram/dev-env/load';
import type { DriverClient, Library } from './driver-client.ts';
import type { DriverProcess } from './driver-process.ts';

/** A client library with the transport it uses. */
export interface Cast {
  library: Library;
  transport: string;
  pfs?: boolean;
}

/** Parameters of the story. */
export interface Stage {
  server: Pick<ServerProcess, 'info' | 'restart'>;
  drivers: Record<Library, DriverProcess>;
  /** Returns an unused phone number and its code. */
  freshPhone: () => { phone: string; code: string };
}

/** A user of the story: an account and a client logged in to it. */
interface Person {
  client: DriverClient;
  id: number;
  phone: string;
  code: string;
  cast: Cast;
}

let nextName = 0;

async function enter(stage: Stage, cast: Cast, name: string, account?: { phone: string; code: string }): Promise<Person & { signedUp: boolean }> {
  const { phone, code } = account ?? stage.freshPhone();
  const client = stage.drivers[cast.library].client(`${name}${nextName++}`);
  await client.open({ server: stage.server.info, transport: cast.transport, pfs: cast.pfs ?? false });
  const { id, signedUp } = await client.login({ phone, code, firstName: name });
  return { client, id, phone, code, cast, signedUp };
}

async function reconnect(stage: Stage, person: Person, session?: unknown): Promise<void> {
  await person.client.open({ server: stage.server.info, transport: person.cast.transport, pfs: person.cast.pfs ?? false, ...(session === undefined ? {} : { session }) });
}

async function sendTwice(client: DriverClient, params: { peer: number; text: string }): Promise<number> {
  const { ids: [first, second] } = await client.sendTwice(params);
  expect(first).toBe(second);
  return first;
}

/**
 * The whole story between two users with any two clients: sign-up, second device, send, edit, delete, reply, forward, read, typing, paging,
 * catching up after being offline, a moved session, and continuing after `kill -9` of the server.
 */
export async function tellStory(stage: Stage, aliceCast: Cast, bobCast: Cast): Promise<void> {
  const alice = await enter(stage, aliceCast, 'Alice');
  const bob = await enter(stage, bobCast, 'Bob');
  expect([alice.signedUp, bob.signedUp]).toEqual([true, true]);
  const tablet = await enter(stage, bobCast, 'Bob', bob);
  expect(tablet.signedUp).toBe(false);
  expect(tablet.id).toBe(bob.id);
  expect((await tablet.client.me()).firstName).toBe('Bob');

  // They find each other and write.
  expect((await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' })).id).toBe(bob.id);
  const hello = await alice.client.send({ peer: bob.id, text: 'hello' });
  const heard = await bob.client.seesMessage('hello');
  expect(heard).toMatchObject({ peer: alice.id, out: false });
  const heardTwice = await tablet.client.seesMessage('hello');
  expect(heardTwice.id).toBe(heard.id);
  const answer = await bob.client.send({ peer: alice.id, text: 'hi Alice', replyTo: heard.id });
  expect(await tablet.client.seesMessage('hi Alice')).toMatchObject({ id: answer.id, out: true, peer: alice.id });
  const answered = await alice.client.seesMessage('hi Alice');
  expect(answered).toMatchObject({ replyTo: hello.id, out: false, peer: bob.id });

  // A repeated random_id gives the same message. TDLib repeats sends by itself, but not on request.
  const only = { peer: bob.id, text: 'only once' };
  const once = aliceCast.library === 'tdlib' ? (await alice.client.send(only)).id : (await sendTwice(alice.client, only));
  await bob.client.seesMessage('only once');

  // Edit, delete, forward.
  await alice.client.edit({ peer: bob.id, id: hello.id, text: 'hello, Bob' });
  for (const device of [bob, tablet]) {
    await device.client.sees('the edit', (event) => event.kind === 'edit' && event.text === 'hello, Bob' && event.id === heard.id);
  }
  const regret = await alice.client.send({ peer: bob.id, text: 'regret' });
  const regretted = await bob.client.seesMessage('regret');
  await alice.client.delete({ peer: bob.id, ids: [regret.id] });
  for (const device of [bob, tablet]) {
    await device.client.sees('the deletion', (event) => event.kind === 'delete' && event.ids.includes(regretted.id));
  }
  const forwarded = await bob.client.forward({ from: alice.id, ids: [heard.id], to: alice.id });
  expect(forwarded.ids).toHaveLength(1);
  await alice.client.sees('the forward', (event) => event.kind === 'message' && event.forward && event.text === 'hello, Bob');

  // Read marks in both directions, typing.
  const last = await bob.client.seesMessage('only once');
  await bob.client.read({ peer: alice.id, maxId: last.id });
  await alice.client.sees('the read mark', (event) => event.kind === 'readOutbox' && event.peer === bob.id && event.maxId >= once);
  await tablet.client.sees('its own read mark', (event) => event.kind === 'readInbox' && event.peer === alice.id && event.maxId >= last.id);
  await alice.client.typing({ peer: bob.id });
  await bob.client.sees('typing', (event) => event.kind === 'typing' && event.peer === alice.id);

  // Paging.
  for (let i = 1; i <= 12; i++) await alice.client.send({ peer: bob.id, text: `line ${i}` });
  await bob.client.seesMessage('line 12');
  const texts = await bob.client.pages({ peer: alice.id, page: 5 });
  expect(texts).toEqual([...Array.from({ length: 12 }, (_, i) => `line ${12 - i}`), 'hello, Bob', 'only once', 'hi Alice', 'hello, Bob']);
  const page = await bob.client.history({ peer: alice.id, limit: 3 });
  expect(page.map((message) => message.text)).toEqual(['line 12', 'line 11', 'line 10']);
  const older = await bob.client.history({ peer: alice.id, limit: 2, offsetId: page[2]!.id });
  expect(older.map((message) => message.text)).toEqual(['line 9', 'line 8']);
  const dialog = (await bob.client.dialogs()).find((row) => row.peer === alice.id);
  expect(dialog).toEqual({ peer: alice.id, unread: 12, top: page[0]!.id });

  // Offline for a while: everything is there afterwards.
  await bob.client.close();
  await alice.client.send({ peer: bob.id, text: 'while you were out' });
  await alice.client.send({ peer: bob.id, text: 'and another' });
  bob.client.events.length = 0;
  await reconnect(stage, bob);
  await bob.client.seesMessage('while you were out');
  await bob.client.seesMessage('and another');
  await alice.client.send({ peer: bob.id, text: 'welcome back' });
  await bob.client.seesMessage('welcome back');

  // The session is moved to a new client object.
  const session = await tablet.client.export();
  await tablet.client.close();
  await reconnect(stage, tablet, session);
  expect((await tablet.client.me()).id).toBe(bob.id);

  // The server is killed and restarted: the same clients continue, nothing is lost or duplicated.
  await stage.server.restart();
  // Telethon and GramJS do not catch up by themselves after a lost connection: a call makes sure that they are connected.
  for (const person of [bob, tablet]) expect((await person.client.me()).id).toBe(bob.id);
  const after = await alice.client.send({ peer: bob.id, text: 'still here?' });
  await bob.client.seesMessage('still here?');
  await bob.client.send({ peer: alice.id, text: 'yes' });
  expect((await alice.client.seesMessage('yes')).peer).toBe(bob.id);
  const kept = (await alice.client.history({ peer: bob.id, limit: 100 })).map((message) => message.text);
  expect(kept).toEqual([
    'yes', 'still here?', 'welcome back', 'and another', 'while you were out',
    ...Array.from({ length: 12 }, (_, i) => `line ${12 - i}`), 'hello, Bob', 'only once', 'hi Alice', 'hello, Bob',
  ]);
  expect((await alice.client.history({ peer: bob.id, limit: 2 }))[1]!.id).toBe(after.id);

  for (const person of [alice, bob, tablet]) await person.client.close();
}
