import { homeDcOf } from '@aerogram/cluster';
import { type Actor, startTestHomes, type TestHomes, World } from '@aerogram/dev-env';
import type { ServerInfo } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DriverClient, Library, Plain } from './driver-client.ts';
import { DriverProcess } from './driver-process.ts';
import { MISSING, TDLIB_ID_STEP, TRANSPORT } from './libraries.ts';
import { isOld, reactionOf } from './people-of-libraries.ts';

const isThere = (library: Library): boolean => MISSING[library] === undefined;
const LIBRARIES = (['mtcute', 'tdlib', 'gramjs', 'telethon'] as const).filter(isThere);
/** Who talks with whom across. */
const PAIRS = ([['tdlib', 'mtcute'], ['gramjs', 'telethon'], ['mtcute', 'gramjs'], ['telethon', 'tdlib']] as const).filter((pair) => pair.every(isThere));
const DCS = [1, 2] as const;
type Dc = (typeof DCS)[number];
const otherDc = (dc: Dc): Dc => (dc === 1 ? 2 : 1);

let homes: TestHomes;
let worlds: Record<Dc, World>;
const infoOf = (dc: Dc): ServerInfo => (dc === 1 ? homes.one : homes.two).info;
const drivers = new Map<Library, DriverProcess>();
let numbers = 0;
let clients = 0;

/** The data centres that a page of one may connect to. */
async function listKnownHomes(dc: Dc): Promise<unknown[]> {
  const facts = (await (await fetch(`http://127.0.0.1:${infoOf(dc).http.port}/client.json`)).json()) as { homes?: { dc: number }[] };
  return facts.homes?.map((home) => home.dc) ?? [];
}

beforeAll(async () => {
  homes = await startTestHomes();
  worlds = { 1: new World(homes.one), 2: new World(homes.two) };
  // They tell each other where they are when the links stand.
  for (const dc of DCS) await vi.waitUntil(async () => (await listKnownHomes(dc)).includes(otherDc(dc)), { timeout: 60_000, interval: 100 });
  for (const library of LIBRARIES) drivers.set(library, new DriverProcess(library));
}, 180_000);
afterAll(async () => {
  for (const driver of drivers.values()) await driver[Symbol.asyncDispose]();
  for (const world of Object.values(worlds ?? {})) await world[Symbol.asyncDispose]();
  await homes?.[Symbol.asyncDispose]();
});

/** A number that is new in both data centres. */
function freshNumber(): { phone: string; code: string } {
  const x = numbers % 10;
  return { phone: `99966${x}${String(7000 + numbers++)}`, code: String(x).repeat(5) };
}

interface Person {
  actor: Actor;
  dc: Dc;
  number: { phone: string; code: string };
}

/** Somebody who has signed up in a data centre. */
async function person(dc: Dc, name: string): Promise<Person> {
  const number = freshNumber();
  return { actor: await worlds[dc].user(name, {}, number), dc, number };
}

const serverOf = (dc: Dc): ServerInfo => ({ ...infoOf(dc), homes: DCS.map((one) => ({ dc: one, ...infoOf(one).mtproto })) } as ServerInfo);

/** A client that knows the addresses of both, and begins at one of them; TDLib always begins at the first. */
async function openAt(library: Library, dc: Dc): Promise<DriverClient> {
  const client = drivers.get(library)!.client(`${library}-${clients++}`);
  await client.open({ server: serverOf(dc), transport: TRANSPORT[library] });
  return client;
}

/** Logs in at the wrong data centre. */
async function enter(library: Library, { dc, number, actor }: Person): Promise<DriverClient> {
  const client = await openAt(library, otherDc(dc));
  expect(await client.login({ ...number, firstName: actor.name })).toMatchObject({ id: actor.id, signedUp: false });
  return client;
}

/** What a client shows as a QR code, once the other one has accepted it. */
async function logInByCode(library: Library, guest: DriverClient, accept: (token: string) => Promise<void>): Promise<number> {
  if (library !== 'tdlib') {
    const done = guest.loginByQr({});
    const shown = await guest.sees('a QR code', (event) => event.kind === 'qr');
    await accept((shown as { token: string }).token);
    return (await done).id;
  }
  await guest.request({ _: 'requestQrCodeAuthentication', other_user_ids: [] });
  const linkOf = (update: Plain): string | undefined => (update['authorization_state'] as { link?: string } | undefined)?.link;
  const shown = await guest.sees('a QR code', (event) => event.kind === 'update' && linkOf(event.update) !== undefined);
  await accept(new URL(linkOf((shown as { update: Plain }).update)!).searchParams.get('token')!);
  await guest.sees('that it is in', (event) => event.kind === 'update' && (event.update['authorization_state'] as Plain | undefined)?._ === 'authorizationStateReady');
  return (await guest.me()).id;
}

describe.each(LIBRARIES)('%s', (library) => {
  test.each(DCS)('reaches data centre %i from the other one', async (dc) => {
    const ann = await person(dc, 'Ann');
    const client = await enter(library, ann);
    await client.send({ peer: ann.actor.id, text: `from ${library}` });
    await ann.actor.sees(`from ${library}`);
    await ann.actor.send(ann.actor, 'to myself');
    await client.seesMessage('to myself');
    if (library === 'tdlib') expect(await client.complaints()).toEqual([]);
    await client.close();
  });

  test.each(DCS)('shows a QR code that somebody of data centre %i accepts', async (dc) => {
    const ann = await person(dc, 'Ann');
    const guest = await openAt(library, otherDc(dc));
    const id = await logInByCode(library, guest, async (token) => {
      await ann.actor.main.call({ _: 'auth.acceptLoginToken', token: Buffer.from(token, 'base64url') });
    });
    expect(id).toBe(ann.actor.id);
    await guest.send({ peer: id, text: 'after the code' });
    await ann.actor.sees('after the code');
    await guest.close();
  });

  test('goes on with its saved session', async () => {
    const ann = await person(2, 'Ann');
    const client = await enter(library, ann);
    const session = await client.export();
    await client.close();
    await ann.actor.send(ann.actor, 'meanwhile');
    // Sessions of TDLib and mtcute know where they belong; those of the other two have the address of their data centre, which their driver sets.
    await client.open({ server: serverOf(library === 'mtcute' || library === 'tdlib' ? 1 : 2), transport: TRANSPORT[library], session });
    expect(await client.me()).toMatchObject({ id: ann.actor.id });
    await client.send({ peer: ann.actor.id, text: `again from ${library}` });
    await ann.actor.sees(`again from ${library}`);
    expect((await client.history({ peer: ann.actor.id, limit: 5 })).map(({ text }) => text)).toContain('meanwhile');
    if (library === 'tdlib') expect(await client.complaints()).toEqual([]);
    await client.close();
  });

  test('signs up where it begins', async () => {
    const dc = library === 'tdlib' ? 1 : 2;
    const client = await openAt(library, dc);
    const { id, signedUp } = await client.login({ ...freshNumber(), firstName: 'Newcomer' });
    expect([homeDcOf(BigInt(id)), signedUp]).toEqual([dc, true]);
    await client.close();
  });
});

test.runIf(isThere('gramjs'))('GramJS carries its authorization to the other data centre', async () => {
  const ann = await person(1, 'Ann');
  const client = await enter('gramjs', ann);
  expect(await client.invoke('help.getConfig', {}, 2)).toMatchObject({ this_dc: 2 });
  expect(await client.invoke('help.getConfig')).toMatchObject({ this_dc: 1 });
  await client.close();
});

async function react(library: Library, client: DriverClient, { peer, id, emoji }: { peer: number; id: number; emoji: string }): Promise<void> {
  if (library === 'tdlib') return client.react({ peer, id, emoji });
  const reaction = reactionOf(library, emoji);
  await client.invoke('messages.sendReaction', { peer: { $peer: peer }, msg_id: id, reaction: isOld(library) ? reaction : [reaction] });
}

/** Waits until a library tells its user of a reaction. */
async function seesReaction(library: Library, client: DriverClient, id: number): Promise<void> {
  if (library !== 'tdlib') await client.seesUpdate('updateMessageReactions', { msg_id: id });
  else await client.seesUpdate('updateMessageUnreadReactions', { message_id: id * TDLIB_ID_STEP, unread_reaction_count: 1 });
}

/** One writes, the other answers; then all that both do to the answer. */
async function converse(asks: Speaker, answers: Speaker): Promise<void> {
  await asks.client.send({ peer: answers.id, text: `hello from ${asks.library}` });
  const heard = await answers.client.seesMessage(`hello from ${asks.library}`);
  expect(heard).toMatchObject({ peer: asks.id, out: false });
  const { id } = await answers.client.send({ peer: asks.id, text: `answer from ${answers.library}`, replyTo: heard.id });
  const answer = await asks.client.seesMessage(`answer from ${answers.library}`);
  expect(answer).toMatchObject({ peer: answers.id, out: false });
  expect(answer.replyTo).not.toBeNull();
  await answers.client.edit({ peer: asks.id, id, text: `edited by ${answers.library}` });
  await asks.client.sees('the edit', (event) => event.kind === 'edit' && event.id === answer.id && event.text === `edited by ${answers.library}`);
  await react(asks.library, asks.client, { peer: answers.id, id: answer.id, emoji: '🔥' });
  await seesReaction(answers.library, answers.client, id);
  // TDLib shows who types in a chat that is not open only if it knows exactly when they were online, which nobody tells across.
  if (asks.library === 'tdlib') await asks.client.request({ _: 'openChat', chat_id: answers.id });
  await answers.client.typing({ peer: asks.id });
  await asks.client.sees('that somebody types', (event) => event.kind === 'typing' && event.peer === answers.id);
  const steps = [() => readLast(asks, answers), async () => {
    await answers.client.delete({ peer: asks.id, ids: [id] });
    await asks.client.sees('the deletion', (event) => event.kind === 'delete' && event.ids.includes(answer.id));
  }];
  // Telethon does not count the pts of its own reads and deletions, and drops what is no message from the difference that it then asks for: they come last.
  for (const step of asks.library === 'telethon' ? steps.toReversed() : steps) await step();
}

/** One writes something that the other reads. */
async function readLast(asks: Speaker, answers: Speaker): Promise<void> {
  const { id } = await answers.client.send({ peer: asks.id, text: `last from ${answers.library}` });
  const { id: maxId } = await asks.client.seesMessage(`last from ${answers.library}`);
  await asks.client.read({ peer: answers.id, maxId });
  await answers.client.sees('that it was read', (event) => event.kind === 'readOutbox' && event.peer === asks.id && event.maxId === id);
}

interface Speaker {
  library: Library;
  client: DriverClient;
  id: number;
}

test.each(PAIRS)('%s and %s talk across', async (first, second) => {
  const [tess, max] = [await person(2, 'Tess'), await person(1, 'Max')];
  const one: Speaker = { library: first, client: await enter(first, tess), id: tess.actor.id };
  const two: Speaker = { library: second, client: await enter(second, max), id: max.actor.id };
  expect(await one.client.addContact({ phone: max.number.phone, firstName: 'Max' })).toEqual({ id: two.id });
  expect(await two.client.addContact({ phone: tess.number.phone, firstName: 'Tess' })).toEqual({ id: one.id });
  await converse(one, two);
  await converse(two, one);
  for (const { library, client } of [one, two]) {
    if (library === 'tdlib') expect(await client.complaints()).toEqual([]);
    await client.close();
  }
});
