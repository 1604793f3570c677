import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HomePair, RawAccount, startHomePair } from '@aerogram/dev-env/load';
import type { HomeTicket } from '@aerogram/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Thief } from './thief.ts';

let homes: HomePair;
let alice: RawAccount;
let bob: RawAccount;

beforeAll(async () => {
  homes = await startHomePair();
  const [one, two] = homes.servers;
  alice = await RawAccount.signUp(one.info, { name: 'Alice', phone: '9996611001', code: '11111' });
  bob = await RawAccount.signUp(two.info, { name: 'Bob', phone: '9996622002', code: '22222' });
  await alice.meet(bob);
  await bob.meet(alice);
}, 300_000);

afterAll(async () => {
  for (const account of [alice, bob]) account?.disconnect();
  await homes?.[Symbol.asyncDispose]();
});

/** The texts that somebody has in the chat with another, sorted. */
async function textsOf(owner: RawAccount, other: RawAccount): Promise<string[]> {
  const history = await owner.call<'messages.getHistory'>({
    _: 'messages.getHistory', peer: owner.inputPeer(other), offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n,
  });
  if (history._ === 'messages.messagesNotModified') throw new Error('nothing was known before');
  return history.messages.flatMap((message) => (message._ === 'message' ? [message.message] : [])).sort();
}

/** Asks a question over the connection of a thief. @returns the HTTP status of the answer; 0 if the connection was closed */
const ask = (thief: Thief): Promise<number> => thief.ask('names.find', { type: 'phone', names: ['1'] }).then(({ status }) => status, () => 0);

const linkOf = async (at: 0 | 1): Promise<string> => (JSON.parse(await homes.operate(homes.servers[at], 'dc', 'list', '--json')) as { state: string }[])[0]!.state;

test('after a revocation the stolen certificate is good for nothing, and what people sent meanwhile arrives when the data centre has its new one', async () => {
  const [one, two] = homes.servers;
  await alice.send(bob, 'before');
  await homes.untilDry();
  const stolen = JSON.parse(readFileSync(join(two.dataDir, 'keys', 'home.json'), 'utf8')) as HomeTicket;
  using standing = new Thief(one.info.link!, stolen);
  // Another certificate alone does not end it.
  await homes.operate(one, 'dc', 'ticket', '2', join(homes.directory, 'renewed.json'));
  expect(await ask(standing)).toBe(200);

  const ticket = join(homes.directory, 'ticket.json');
  expect(await homes.operate(one, 'dc', 'ticket', '2', ticket, '--revoke')).toContain('cut off until "aerogram dc join" was run there');
  await expect.poll(() => ask(standing), { timeout: 30_000 }).toBe(0);
  using next = new Thief(one.info.link!, stolen);
  expect(await ask(next)).toBe(0);
  // The second ticket was made before the revocation and never used; its certificate was revoked too.
  using renewed = new Thief(one.info.link!, JSON.parse(readFileSync(join(homes.directory, 'renewed.json'), 'utf8')) as HomeTicket);
  expect(await ask(renewed)).toBe(0);
  for (const at of [0, 1] as const) await expect.poll(() => linkOf(at), { timeout: 30_000 }).toBe('down');
  await alice.send(bob, 'meanwhile, of Alice');
  await bob.send(alice, 'meanwhile, of Bob');
  expect([await textsOf(alice, bob), await textsOf(bob, alice)]).toEqual([['before', 'meanwhile, of Alice'], ['before', 'meanwhile, of Bob']]);

  bob.disconnect();
  await two.stop();
  await homes.operate(two, 'dc', 'join', ticket);
  await expect(homes.operate(two, 'dc', 'join', join(homes.directory, 'renewed.json'))).rejects.toThrow('was revoked by a later one');
  await two.start();
  await bob.connect(two.info);
  await homes.untilDry();
  for (const [owner, other] of [[alice, bob], [bob, alice]] as const) await expect.poll(() => textsOf(owner, other), { timeout: 30_000 }).toEqual(['before', 'meanwhile, of Alice', 'meanwhile, of Bob']);
  using last = new Thief(one.info.link!, stolen);
  expect(await ask(last)).toBe(0);
  using owner = new Thief(one.info.link!, JSON.parse(readFileSync(ticket, 'utf8')) as HomeTicket);
  expect(await ask(owner)).toBe(200);
}, 240_000);
