import { homeDcOf } from '@aerogram/cluster';
import { type Actor, startTestHomes, type TestHomes, World } from '@aerogram/dev-env';
import type { ServerInfo } from '@aerogram/dev-env/load';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DriverClient, Library, Plain } from './driver-client.ts';
import { DriverProcess } from './driver-process.ts';
import { MISSING, TRANSPORT } from './libraries.ts';

const LIBRARIES = (['mtcute', 'tdlib'] as const).filter((library) => MISSING[library] === undefined);
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
  for (const dc of DCS) await vi.waitFor(async () => expect(await listKnownHomes(dc)).toEqual([otherDc(dc)]), { timeout: 60_000, interval: 100 });
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

/** A client that knows the addresses of both, and begins at one of them; TDLib always begins at the first. */
async function openAt(library: Library, dc: Dc): Promise<DriverClient> {
  const client = drivers.get(library)!.client(`${library}-${clients++}`);
  const server: ServerInfo & { homes: object[] } = { ...infoOf(dc), homes: DCS.map((one) => ({ dc: one, ...infoOf(one).mtproto })) };
  await client.open({ server, transport: TRANSPORT[library] });
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
  if (library === 'mtcute') {
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

  test('signs up where it begins', async () => {
    const dc = library === 'tdlib' ? 1 : 2;
    const client = await openAt(library, dc);
    const { id, signedUp } = await client.login({ ...freshNumber(), firstName: 'Newcomer' });
    expect([homeDcOf(BigInt(id)), signedUp]).toEqual([dc, true]);
    await client.close();
  });
});

test.runIf(LIBRARIES.length === 2)('TDLib and mtcute talk across', async () => {
  const [tess, max] = [await person(2, 'Tess'), await person(1, 'Max')];
  const [tdlib, mtcute] = [await enter('tdlib', tess), await enter('mtcute', max)];
  expect(await tdlib.addContact({ phone: max.number.phone, firstName: 'Max' })).toEqual({ id: max.actor.id });
  expect(await mtcute.addContact({ phone: tess.number.phone, firstName: 'Tess' })).toEqual({ id: tess.actor.id });
  await tdlib.send({ peer: max.actor.id, text: 'hello from TDLib' });
  const heard = await mtcute.seesMessage('hello from TDLib');
  expect(heard).toMatchObject({ peer: tess.actor.id, from: tess.actor.id, out: false });
  const { id } = await mtcute.send({ peer: tess.actor.id, text: 'hello from mtcute', replyTo: heard.id });
  const answer = await tdlib.seesMessage('hello from mtcute');
  expect(answer).toMatchObject({ peer: max.actor.id, from: max.actor.id, out: false });
  expect(answer.replyTo).not.toBeNull();
  await tdlib.read({ peer: max.actor.id, maxId: answer.id });
  await mtcute.sees('that it was read', (event) => event.kind === 'readOutbox' && event.peer === tess.actor.id && event.maxId === id);
  await mtcute.edit({ peer: tess.actor.id, id, text: 'edited by mtcute' });
  await tdlib.sees('the edit', (event) => event.kind === 'edit' && event.id === answer.id && event.text === 'edited by mtcute');
  expect(await tdlib.complaints()).toEqual([]);
  for (const client of [tdlib, mtcute]) await client.close();
});
