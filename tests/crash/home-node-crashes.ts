import { setTimeout as delay } from 'node:timers/promises';
import { type HomeNodes, Ledger, RawAccount, type ServerProcess, startHomeNodes } from '@aerogram/dev-env/load';
import { seededRandom } from '@aerogram/runtime';
import pg from 'pg';
import { checkOrder, sendOn } from './home-crashes.ts';
import { loadUntilKilled } from './load-until-killed.ts';
import { connectPatiently } from './power-cut.ts';

/** Accounts of each server. */
const ACCOUNTS = 2;
const NODES = 2;
/** Unanswered sends of an account at a time. */
const LANES = 3;
const MIN_LOAD_MS = 300;
const MAX_LOAD_MS = 1500;

/** A node may serve for 3.5 s after its last renewal; after this pause it is lost. In milliseconds. */
const PAST_LEASE_MS = 7000;

/** Another node has the lease after this time, on a busy machine too, in milliseconds. */
const TAKEN_WITHIN_MS = 15_000;

/** How long it may take after a blow until all nodes serve again, in milliseconds. */
const BACK_WITHIN_MS = 30_000;

/** Those who are not hit go on for so long. */
const AFTER_MS = 1500;

/** What blows are made with. */
interface Target {
  homes: HomeNodes;
  /** The node that sends the frames of data centre 1, and another one. */
  holder: ServerProcess;
  rest: ServerProcess;
  /** Waits until another node sends the frames. @returns after how many milliseconds */
  untilMoved(): Promise<number>;
}

/** What happens to data centre 1 under load, by the name that a run prints. @returns what the run prints besides */
const NODE_BLOWS: Readonly<Record<string, (target: Target) => Promise<string>>> = {
  async 'node with the lease killed'({ holder, untilMoved }) {
    await holder.kill('SIGKILL');
    return `lease moved after ${((await untilMoved()) / 1000).toFixed(1)} s`;
  },
  async 'node with the lease frozen past it'({ holder, untilMoved }) {
    holder.freeze();
    const movedMs = await untilMoved();
    await delay(Math.max(0, PAST_LEASE_MS - movedMs));
    // It goes on where it was, and believes in its lease until it looks.
    holder.thaw();
    return `lease moved after ${(movedMs / 1000).toFixed(1)} s`;
  },
  async 'node without the lease killed'({ rest }) {
    await rest.kill('SIGKILL');
    return '';
  },
  async 'node without the lease frozen'({ rest }) {
    rest.freeze();
    await delay(PAST_LEASE_MS);
    rest.thaw();
    return '';
  },
  async 'node with the lease frozen for a moment'({ holder }) {
    holder.freeze();
    await delay(2500);
    holder.thaw();
    return '';
  },
  async 'the other data centre killed'({ homes }) {
    await homes.other.kill('SIGKILL');
    await homes.other.start();
    return '';
  },
};

/** Options of the crash test of a data centre of several nodes. */
export interface HomeNodeCrashOptions {
  /** Blows; each kind in turn. */
  kills: number;
  /** For loads and times. */
  seed: number;
  log?: (line: string) => void;
}

/**
 * Kills and freezes nodes of a data centre while its people write to those of another one and back, and checks after each blow, when the streams have run dry, as `runHomeCrashes` does.
 * @throws on the first violation
 */
export async function runHomeNodeCrashes({ kills, seed, log = () => {} }: HomeNodeCrashOptions): Promise<{ sent: number; openKept: number }> {
  const random = seededRandom(seed);
  const homes = await startHomeNodes(NODES);
  const servers = [...homes.nodes, homes.other];
  const ledger = new Ledger();
  const accounts: RawAccount[] = [];
  const serverOf = new Map<RawAccount, ServerProcess>();
  const blows = Object.entries(NODE_BLOWS);
  let [done, openKept] = [0, 0];
  try {
    for (const [at, server] of servers.entries()) {
      for (let i = 0; i < ACCOUNTS; i++) {
        const digit = at * ACCOUNTS + i;
        const account = await RawAccount.signUp(server.info, { name: `Account ${digit}`, phone: `99966${digit}${1000 + digit}`, code: String(digit).repeat(5) });
        if (account.userId % 8n !== (server === homes.other ? 2n : 1n)) throw new Error(`${account.name} signed up at another home`);
        accounts.push(account);
        serverOf.set(account, server);
      }
    }
    for (const a of accounts) for (const b of accounts) if (a !== b) await a.meet(b);
    for (; done < kills; done++) {
      const [blow, strike] = blows[done % blows.length]!;
      const before = await findHolder(homes);
      const holder = homes.nodes.find(({ info }) => info.pid === before)!;
      const untilMoved = async (): Promise<number> => {
        for (const beganMs = performance.now(); ; await delay(50)) {
          const tookMs = performance.now() - beganMs;
          const now = await findHolder(homes);
          if (now !== undefined && now !== before) return tookMs;
          if (tookMs > TAKEN_WITHIN_MS) throw new Error('no other node has taken the lease of the links');
        }
      };
      const loadMs = MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS));
      const sends = accounts.flatMap((from, index) => Array.from({ length: LANES }, (_, lane) => sendOn({ accounts, from, ledger, random, name: `${done}.${index}.${lane}` })));
      let said = '';
      await loadUntilKilled(accounts, sends, async (begins) => {
        await delay(loadMs);
        begins();
        said = await strike({ homes, holder, rest: homes.nodes.find((node) => node !== holder)!, untilMoved });
        await delay(AFTER_MS);
      });
      const atMs = performance.now();
      await untilAllServe(homes);
      await homes.untilDry();
      const dryMs = performance.now() - atMs;
      // Connections of a node that had lost its lease end when it notices.
      await Promise.all(accounts.map((account) => connectPatiently(account, serverOf.get(account)!)));
      const { openKept: kept } = await ledger.check(accounts, { check: () => checkOrder(accounts) });
      const { open } = ledger;
      for (const entry of open) entry.ackedId = (await entry.from.sendTo(entry.peer, entry.text, entry.randomId)).id;
      if (open.length > 0) {
        await homes.untilDry();
        await ledger.check(accounts, { check: () => Promise.resolve([]) });
      }
      openKept += kept;
      log(`blow ${done + 1} (${blow}) after ${loadMs} ms, ${said}${said === '' ? '' : ', '}dry after ${(dryMs / 1000).toFixed(1)} s: ${ledger.size} sent, ${open.length} were open, ${kept} of them kept`);
    }
    return { sent: ledger.size, openKept };
  } catch (error) {
    const outputs = servers.map((server, at) => `--- server ${at + 1} ---\n${server.output.slice(-3000)}`).join('\n');
    throw new Error(`crash test of a data centre of nodes, seed ${seed}, after ${done} blows: ${(error as Error).message}\n${outputs}`, { cause: error });
  } finally {
    for (const account of accounts) account.disconnect();
    await homes[Symbol.asyncDispose]();
  }
}

/** Asks the database of data centre 1. */
async function ask<T extends object>({ databaseUrl }: HomeNodes, query: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(query)).rows;
  } finally {
    await client.end();
  }
}

/** The process of the node that holds the lease of the links; undefined if none does. */
async function findHolder(homes: HomeNodes): Promise<number | undefined> {
  return (await ask<{ pid: number }>(homes, `SELECT n.pid FROM leases l JOIN nodes n ON n.token = l.holder_token WHERE l.queue = 'homes' AND n.token <> 0`))[0]?.pid;
}

/** Waits until all nodes serve and know of each other. Starts those that have ended, as systemd would: a node that has lost its lease ends when it notices that, which may be late. */
async function untilAllServe(homes: HomeNodes): Promise<void> {
  for (const deadline = performance.now() + BACK_WITHIN_MS; ; await delay(100)) {
    for (const node of homes.nodes) if (!node.isRunning) await node.start();
    const [found] = await ask<{ serving: number }>(homes, `SELECT count(*)::integer AS serving FROM nodes n CROSS JOIN cluster c WHERE n.state = 'serving' AND n.seen_generation >= c.generation AND NOT EXISTS (SELECT FROM nodes b WHERE b.served AND b.seen_generation < c.generation)`);
    if (found?.serving === NODES) return;
    if (performance.now() > deadline) throw new Error(`${found?.serving} nodes serve`);
  }
}
