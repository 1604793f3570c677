import { setTimeout as delay } from 'node:timers/promises';
import { type Entry, type HomePair, Ledger, RawAccount, readBox, type ServerProcess, startHomePair } from '@aerogram/dev-env/load';
import { type Random, seededRandom } from '@aerogram/runtime';
import { loadUntilKilled } from './load-until-killed.ts';
import { connectPatiently, killBoth } from './power-cut.ts';

/** Accounts of each home. */
const ACCOUNTS = 3;
/** Unanswered sends of an account at a time. */
const LANES = 3;
const MIN_LOAD_MS = 300;
const MAX_LOAD_MS = 1500;
/** For how long the link is cut. */
const CUT_MS = 3000;
/** Which homes a blow kills, by their places, and what else it does. */
interface HomeBlow {
  kills: readonly number[];
  strike?(homes: HomePair): Promise<void>;
}

/** What happens to two homes under load, by the name that a run prints. */
const HOME_BLOWS: Readonly<Record<string, HomeBlow>> = {
  'home 1 killed': { kills: [0] },
  'home 2 killed': { kills: [1] },
  'link cut': {
    kills: [],
    async strike({ servers: [one], operate }) {
      await operate(one, 'dc', 'pause', '2');
      await delay(CUT_MS);
      await operate(one, 'dc', 'resume', '2');
    },
  },
  'both homes killed': { kills: [0, 1] },
};

/** Options of the crash test of two homes. */
export interface HomeCrashOptions {
  /** Blows; each kind in turn. */
  kills: number;
  /** For loads and times. */
  seed: number;
  log?: (line: string) => void;
}

/**
 * Kills homes and cuts the link between them while people of both write to each other, and checks after each blow, when the streams have run dry, that all that was acknowledged is
 * once in the boxes of both, in the order in which it was written. Then every unanswered send is repeated with its random_id, which must result in exactly one message.
 * @throws on the first violation
 */
export async function runHomeCrashes({ kills, seed, log = () => {} }: HomeCrashOptions): Promise<{ sent: number; openKept: number }> {
  const random = seededRandom(seed);
  const homes = await startHomePair();
  const { servers } = homes;
  const ledger = new Ledger();
  const accounts: RawAccount[] = [];
  const blows = Object.entries(HOME_BLOWS);
  let [done, openKept] = [0, 0];
  const serverOf = (account: RawAccount): ServerProcess => servers[Number(account.userId & 7n) - 1]!;
  try {
    for (const [at, server] of servers.entries()) {
      for (let i = 0; i < ACCOUNTS; i++) {
        const digit = at * ACCOUNTS + i;
        const account = await RawAccount.signUp(server.info, { name: `Account ${digit}`, phone: `99966${digit}${1000 + digit}`, code: String(digit).repeat(5) });
        if (serverOf(account) !== server) throw new Error(`${account.name} signed up at another home`);
        accounts.push(account);
      }
    }
    for (const a of accounts) for (const b of accounts) if (a !== b) await a.meet(b);
    for (; done < kills; done++) {
      const [blow, { kills: doomed, strike }] = blows[done % blows.length]!;
      const hit = doomed.map((at) => servers[at]!);
      const loadMs = MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS));
      const sends = accounts.flatMap((from, index) => Array.from({ length: LANES }, (_, lane) => sendOn({ accounts, from, ledger, random, name: `${done}.${index}.${lane}` })));
      await loadUntilKilled(accounts, sends, async (begins) => {
        await delay(loadMs);
        begins();
        await strike?.(homes);
        await Promise.all(hit.map((server) => killBoth(server, undefined, random)));
      });
      await Promise.all(hit.map((server) => server.start()));
      await Promise.all(accounts.map((account) => connectPatiently(account, serverOf(account))));
      const atMs = performance.now();
      await homes.untilDry();
      const dryMs = performance.now() - atMs;
      const { openKept: kept } = await ledger.check(accounts, { check: () => checkOrder(accounts) });
      const { open } = ledger;
      for (const entry of open) entry.ackedId = (await entry.from.sendTo(entry.peer, entry.text, entry.randomId)).id;
      if (open.length > 0) {
        await homes.untilDry();
        await ledger.check(accounts, { check: () => Promise.resolve([]) });
      }
      openKept += kept;
      log(`blow ${done + 1} (${blow}) after ${loadMs} ms, dry after ${(dryMs / 1000).toFixed(1)} s: ${ledger.size} sent, ${open.length} were open, ${kept} of them kept`);
    }
    return { sent: ledger.size, openKept };
  } catch (error) {
    const outputs = servers.map((server, at) => `--- home ${at + 1} ---\n${server.output.slice(-2000)}`).join('\n');
    throw new Error(`crash test of two homes, seed ${seed}, after ${done} blows: ${(error as Error).message}\n${outputs}`, { cause: error });
  } finally {
    for (const account of accounts) account.disconnect();
    await homes[Symbol.asyncDispose]();
  }
}

/** What each account got from one lane of a sender stands in its box in the order in which it was sent. */
export async function checkOrder(accounts: readonly RawAccount[]): Promise<string[]> {
  const broken: string[] = [];
  for (const account of accounts) {
    const { copies } = await readBox(account, broken);
    const lastOf = new Map<string, { id: number; n: number }>();
    for (const [text, [id]] of [...copies].toSorted(([, [a]], [, [b]]) => a! - b!)) {
      const at = text.lastIndexOf('.');
      const [lane, n] = [text.slice(0, at), Number(text.slice(at + 1))];
      const last = lastOf.get(lane);
      if (last !== undefined && last.n > n) broken.push(`${account.name} has "${text}" behind number ${last.n} of the same sender`);
      lastOf.set(lane, { id: id!, n });
    }
  }
  return broken;
}

/** One after the other, to somebody at either home. */
export function sendOn({ accounts, from, ledger, random, name }: { accounts: readonly RawAccount[]; from: RawAccount; ledger: Ledger; random: Random; name: string }): () => Promise<void> {
  let n = 0;
  const others = accounts.filter((account) => account !== from);
  return async () => {
    const to = others[random.uint31() % others.length]!;
    const entry: Entry = { from, peer: from.inputPeer(to), receivers: [to], text: `${name}.${n++}`, randomId: random.int63(), ackedId: undefined };
    ledger.add(entry);
    entry.ackedId = (await from.sendTo(entry.peer, entry.text, entry.randomId)).id;
  };
}
