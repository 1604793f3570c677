import { type SeedPlan, seedUserId, seedWord } from '@aerogram/cli/seed';
import { makeKeyWith, type ServerInfo } from '@aerogram/dev-env/load';
import { type RawClient, RawClientError } from '@aerogram/mtproto/client';
import { seededRandom, systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { runPaced } from './deliveries.ts';
import { type Outcome, sourceAddress } from './outcome.ts';
import { call, connectSeeded } from './seeded-client.ts';

/** Number of users at the same time. */
const PEOPLE = 64;
const OPERATIONS_PER_S = 200;

/** A user, and a neighbour in the ring to whom they write. */
interface Person {
  account: number;
  client: RawClient;
  peer: tl.inputPeerUser;
  lastId: number;
  pts: number;
  /** Users do one thing at a time, so nothing is pending when they reconnect. */
  isBusy: boolean;
}

const people: Person[] = [];
const random = seededRandom(3);
const below = (limit: number): number => random.uint31() % limit;

/** What users do, with percentages. */
const DOINGS: [share: number, run: (person: Person, server: ServerInfo) => Promise<unknown>][] = [
  [45, sendText],
  [5, ({ client, peer, lastId }) => (lastId === 0 ? Promise.resolve() : call<'messages.editMessage'>(client, { _: 'messages.editMessage', peer, id: lastId, message: `changed ${below(1e6)}` }))],
  [15, ({ client, peer }) => call<'messages.readHistory'>(client, { _: 'messages.readHistory', peer, max_id: 2 ** 31 - 1 })],
  [10, ({ client, peer }) => call<'messages.getHistory'>(client, { _: 'messages.getHistory', peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 30, max_id: 0, min_id: 0, hash: 0n })],
  [5, ({ client }) => call<'messages.getDialogs'>(client, { _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n })],
  [8, ({ client, peer }) => call<'messages.setTyping'>(client, { _: 'messages.setTyping', peer, action: { _: 'sendMessageTypingAction' } })],
  [3, ({ client, peer }) => call<'messages.search'>(client, {
    _: 'messages.search', peer, q: seedWord(below(500)), filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0, limit: 20, max_id: 0, min_id: 0, hash: 0n,
  })],
  [3, ({ client }) => call<'contacts.search'>(client, { _: 'contacts.search', q: seedWord(below(1000)), limit: 20 })],
  [3, catchUp],
  [2, reconnect],
  [1, (_person, server) => makeKeyWith(server, sourceAddress(below(8)))],
];

/** Simulates ordinary use of the server for `ms` milliseconds. */
export async function soak(server: ServerInfo, plan: SeedPlan, ms: number): Promise<Outcome> {
  for (let n = people.length; n < PEOPLE; n++) people.push(await join(server, plan, 2 * n + 300));
  const ackMs: number[] = [];
  const started = performance.now();
  await runPaced(started + ms, OPERATIONS_PER_S, async (n) => {
    const person = people[n % PEOPLE]!;
    if (person.isBusy) return;
    person.isBusy = true;
    let dice = below(100);
    const [, run] = DOINGS.find(([share]) => (dice -= share) < 0)!;
    const at = performance.now();
    try {
      await run(person, server);
    } catch (error) {
      // Hitting a limit is normal here.
      if (!(error instanceof RawClientError)) throw error;
    } finally {
      person.isBusy = false;
    }
    ackMs.push(performance.now() - at);
  });
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}

async function join(server: ServerInfo, plan: SeedPlan, account: number): Promise<Person> {
  const client = await connectSeeded(server, account);
  const state = await call<'updates.getState'>(client, { _: 'updates.getState' });
  const answer = await call<'messages.getDialogs'>(client, { _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 20, hash: 0n });
  const users = answer._ === 'messages.dialogsNotModified' ? [] : answer.users;
  const found = users.find((user): user is tl.user => user._ === 'user' && user.id === seedUserId(plan, account + 1));
  if (found?.access_hash === undefined) throw new Error(`account ${account} has no dialog with its neighbour`);
  return { account, client, peer: { _: 'inputPeerUser', user_id: found.id, access_hash: found.access_hash }, lastId: 0, pts: state.pts, isBusy: false };
}

async function sendText(person: Person): Promise<void> {
  const { client, peer } = person;
  const message = Array.from({ length: 4 + below(20) }, () => seedWord(below(2000))).join(' ');
  const answer = await call<'messages.sendMessage'>(client, { _: 'messages.sendMessage', peer, message, random_id: systemRandom.int63() });
  if (answer._ === 'updateShortSentMessage') person.lastId = answer.id;
}

async function catchUp(person: Person): Promise<void> {
  const answer = await call<'updates.getDifference'>(person.client, { _: 'updates.getDifference', pts: person.pts, date: 1_760_000_000, qts: 0 });
  if (answer._ === 'updates.difference') person.pts = answer.state.pts;
  else if (answer._ === 'updates.differenceSlice') person.pts = answer.intermediate_state.pts;
}

/** Half of the users resume their session, the others start a new one. */
async function reconnect(person: Person, server: ServerInfo): Promise<void> {
  if (below(2) === 0) return person.client.reconnect();
  const before = person.client;
  person.client = await connectSeeded(server, person.account);
  await before[Symbol.asyncDispose]();
  await call<'updates.getState'>(person.client, { _: 'updates.getState' });
}
