import { seedBoxSize, type SeedPlan, seedUserId, seedUsername, seedWord } from '@aerogram/cli/seed';
import type { ServerInfo } from '@aerogram/dev-env/load';
import type { RawClient } from '@aerogram/mtproto/client';
import { seededRandom } from '@aerogram/runtime';
import { encode, type tl } from '@aerogram/tl';
import { runPaced } from './deliveries.ts';
import type { Outcome } from './outcome.ts';
import { call, connectSeeded, timeCall } from './seeded-client.ts';

/** Names of the reads of the big box. */
export type ReadName = keyof typeof READS;

/** Input for creating requests. */
interface Reading {
  plan: SeedPlan;
  /** Account 1, whose dialog has half of the messages in the big box. */
  peer: tl.inputPeerUser;
  below: (limit: number) => number;
}

/** The cost of each read in flood tokens, and a request; `account` is the caller, 0 if it must be the owner of the big box. */
// All requests differ in their bytes, because the server makes repeated ones more and more expensive.
const READS = {
  getHistory: {
    cost: 1, account: () => 0,
    request: ({ plan, peer, below }: Reading): tl.messages.getHistory => ({
      _: 'messages.getHistory', peer, offset_id: seedBoxSize(plan, 0) - below(plan.bigBox), offset_date: 0, add_offset: 0, limit: 50, max_id: 0, min_id: 0, hash: 0n,
    }),
  },
  getHistoryByDate: {
    cost: 1, account: () => 0,
    request: ({ plan, peer, below }: Reading): tl.messages.getHistory => ({
      _: 'messages.getHistory', peer, offset_id: 0, offset_date: 1_744_329_600 + below(plan.bigBox) * 5, add_offset: -25, limit: 50, max_id: 0, min_id: 0, hash: 0n,
    }),
  },
  getDialogs: {
    cost: 2, account: () => 0,
    request: ({ below }: Reading): tl.messages.getDialogs => ({
      _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: BigInt(1 + below(1_000_000_000)),
    }),
  },
  getDifference: {
    cost: 2, account: () => 0,
    request: ({ plan, below }: Reading): tl.updates.getDifference => ({
      _: 'updates.getDifference', pts: seedBoxSize(plan, 0) + 1 - 1000 + 500 * below(2), date: 1_760_000_000 + below(10_000), qts: 0,
    }),
  },
  searchMessages: {
    cost: 3, account: () => 0,
    request: ({ peer, below }: Reading): tl.messages.search => ({
      _: 'messages.search', peer, q: seedWord(400 + below(1009)), filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0,
      limit: 20, max_id: 0, min_id: 0, hash: 0n,
    }),
  },
  searchContacts: {
    cost: 10, account: (n: number) => n,
    request: ({ plan, below }: Reading): tl.contacts.search => {
      const queries = [
        seedUsername(below(plan.users)), 'user_', 'bab', seedWord(below(10) * below(100)), `${seedWord(below(10) * below(100))} ${seedWord(below(8000))}`, 'bab dod', 'zzzz',
      ];
      return { _: 'contacts.search', q: queries[below(queries.length)]!, limit: 20 };
    },
  },
} as const;

/** Tokens that a caller may spend at once; spending more would measure the limit. */
const ALLOWANCE = 1200;

export interface ReadRate {
  clients: number;
  ms: number;
  /** Calls per second of all clients together; without it each client calls again as soon as it is answered. */
  perSecond: number | undefined;
}

/** Lets several devices read. */
export async function read(server: ServerInfo, plan: SeedPlan, name: ReadName, { clients, ms, perSecond }: ReadRate): Promise<Outcome> {
  const { cost, account, request } = READS[name];
  const random = seededRandom(11);
  const below = (limit: number): number => random.uint31() % limit;
  const open = await Promise.all(Array.from({ length: clients }, (_, n) => (account(n) === 0 ? connectSeeded(server, 0, n) : connectSeeded(server, account(n)))));
  try {
    const peer = account(1) === 0 ? await findPeer(open[0]!, plan) : ({ _: 'inputPeerUser', user_id: 0n, access_hash: 0n } as const);
    const reading: Reading = { plan, peer, below };
    for (const client of open) await timeCall(client, encode(request(reading)));
    const ackMs: number[] = [];
    const started = performance.now();
    const callers = account(1) === 0 ? 1 : clients;
    const readOnce = async (client: RawClient): Promise<void> => {
      ackMs.push(await timeCall(client, encode(request(reading))));
    };
    const mayGoOn = (): boolean => performance.now() - started < ms && (ackMs.length + clients) * cost < ALLOWANCE * callers;
    if (perSecond !== undefined) await runPaced(started + ms, perSecond, (n) => readOnce(open[n % clients]!));
    else await Promise.all(open.map(async (client) => {
      while (mayGoOn()) await readOnce(client);
    }));
    return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
  } finally {
    await Promise.all(open.map((client) => client[Symbol.asyncDispose]()));
  }
}

/** Account 1 as account 0 names it: the access hash is in the answer with the dialogs. */
export async function findPeer(client: RawClient, plan: SeedPlan): Promise<tl.inputPeerUser> {
  const answer = await call<'messages.getDialogs'>(client, {
    _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n,
  });
  const users = answer._ === 'messages.dialogsNotModified' ? [] : answer.users;
  const found = users.find((user): user is tl.user => user._ === 'user' && user.id === seedUserId(plan, 1));
  if (found?.access_hash === undefined) throw new Error('the first dialog of the big box is not there');
  return { _: 'inputPeerUser', user_id: found.id, access_hash: found.access_hash };
}
