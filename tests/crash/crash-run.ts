import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Entry, killTree, Ledger, RawAccount, ServerProcess } from '@aerogram/dev-env/load';
import { seededRandom, type Random } from '@aerogram/runtime';
import type { EmbeddedPostgres } from '@aerogram/storage';
import { ChannelPosts } from './channel-posts.ts';
import { CopiedPosts } from './copied-posts.ts';
import { GivenReactions } from './given-reactions.ts';
import { GroupMembers } from './group-members.ts';
import { LinkRaces } from './link-races.ts';
import { Migrations } from './migrations.ts';
import { Owners } from './owners.ts';
import { connectPatiently, type Engine, isRetryable, killBoth, startExternal } from './power-cut.ts';
import { SentFiles } from './sent-files.ts';
import { Votes } from './votes.ts';

/**
 * What happens to a server under load. `kill`: SIGKILL for server and database, like a power cut. `worker`: SIGKILL for one worker.
 * `database`: SIGKILL for the database alone, which the server restarts. `term`: SIGTERM, which must drain. `stall`: all processes of the
 * server are stopped for three seconds; no call may fail because of that.
 */
export type Blow = 'kill' | 'worker' | 'database' | 'term' | 'stall';

/** Options of the crash test. */
export interface CrashOptions {
  engine: Engine;
  kills: number;
  seed: number;
  /** Number of serving processes. */
  workers?: number;
  /** Used in turn; by default `kill`, and with several workers `worker` every second time. */
  blows?: readonly Blow[];
  accounts?: number;
  /** Unanswered sends per account. */
  window?: number;
  log?: (line: string) => void;
}

/** Result of a run. */
export interface CrashReport {
  kills: number;
  sent: number;
  acknowledged: number;
  /** Sends without an answer that the server had nevertheless committed, over all crashes. */
  openKept: number;
  /** Votes in polls that were sent. */
  votes: number;
}

/** The load runs at least this long before the fault, in milliseconds; the exact time depends on the seed. */
const MIN_LOAD_MS = 150;
const MAX_LOAD_MS = 1500;
/** Those who post in a supergroup, by their places, and how many posts of each may be unanswered. */
const POSTERS = [0, 1, 2];
const POST_LANES = [0, 1];
/** Accounts that take part in races for links with one place: the first one makes the links. */
const RACERS = 4;
/** Accounts that react to messages. */
const REACTORS = 4;
/** Who sends files, and how many at once. */
const FILES_FROM = 3;
const FILE_LANES = [0, 1];
/** Who posts in a channel with a discussion group; the next one comments there. */
const COPIED_FROM = 3;
/** Those who vote in polls, by their places. */
const VOTERS = [1, 5, 6, 7];
/** Groups that become supergroups in one round. */
const MIGRATIONS = 3;
const STALL_MS = 3000;
/** Sends that no client waits for any more are committed by then. */
const QUIET_MS = 1000;

/**
 * Kills server and database under load with SIGKILL at random times given by the seed, restarts them, and checks that they kept what they
 * acknowledged (see {@link Ledger.check}). Then every unanswered send is repeated with its random_id, which must result in exactly one
 * message.
 *
 * @throws on the first violation
 */
export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const { kills, seed, engine, log = () => {} } = options;
  const random = seededRandom(seed);
  const directory = await mkdtemp(join(tmpdir(), 'aerogram-crash-'));
  let external = engine === 'embedded' ? undefined : await startExternal(directory, engine);
  const workers = options.workers ?? 1;
  const blows = options.blows ?? (workers > 1 ? ['kill', 'worker'] : ['kill']);
  const server = new ServerProcess(join(directory, 'data'), false, {
    ...(external ? { databaseUrl: external.url } : {}),
    env: { AEROGRAM_WORKERS: String(workers), AEROGRAM_OWNER_RETURN_DAYS: '0', AEROGRAM_CHANNEL_BEHIND_MAX: '100000' },
  });
  const ledger = new Ledger();
  const accounts: RawAccount[] = [];
  const report: CrashReport = { kills: 0, sent: 0, acknowledged: 0, openKept: 0, votes: 0 };
  try {
    await server.start();
    for (let i = 0; i < (options.accounts ?? 8); i++) {
      accounts.push(await RawAccount.signUp(server.info, { name: `Account ${i}`, phone: `99966${i % 10}${String(1000 + i)}`, code: String(i % 10).repeat(5) }));
    }
    for (const a of accounts) for (const b of accounts) if (a !== b) await a.meet(b);
    const group = await GroupMembers.create(accounts);
    const channels = {
      posts: await ChannelPosts.create(accounts),
      owners: await Owners.create(accounts),
      migrations: new Migrations(accounts),
      races: await LinkRaces.create(accounts.slice(0, RACERS)),
      files: await SentFiles.inChannel(accounts[FILES_FROM]!, random),
      copied: await CopiedPosts.create(accounts[COPIED_FROM]!, accounts[COPIED_FROM + 1]!),
      votes: await Votes.create([accounts[0]!, ...VOTERS.flatMap((at) => accounts[at] ?? [])], random),
      reactions: await GivenReactions.create(accounts.slice(0, REACTORS), { random, ledger }),
    };

    for (let round = 0; round < kills; round++) {
      const loadMs = MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS));
      const cluster = external;
      const blow = blows[round % blows.length]!;
      const restarts = blow === 'kill' || blow === 'term';
      await runLoad(accounts, { ledger, group, channels, random, round, window: options.window ?? 6 }, async (begins) => {
        await delay(loadMs);
        // A stall is no reason to fail: calls must just take longer.
        if (blow !== 'stall') begins();
        await strike(blow, server, cluster, random);
      });
      if (external && blow === 'kill') {
        // The launcher would restart it with growing pauses; a new launcher starts at once.
        await external.stop();
        external = await startExternal(directory, engine);
      }
      if (restarts) await server.start(external?.url);
      await Promise.all(accounts.map((account) => connectPatiently(account, server)));
      if (!restarts) await waitForQuiet(accounts);
      const { openKept } = await ledger.check(accounts, group);
      for (const one of Object.values(channels)) await one.check();
      for (const one of [channels.posts, channels.files, channels.copied]) {
        await one.repeatOpen();
        await one.check();
      }
      report.openKept += openKept;
      const open = ledger.open;
      for (const entry of open) entry.ackedId = (await entry.from.sendTo(entry.peer, entry.text, entry.randomId)).id;
      if (open.length > 0) await ledger.check(accounts, group);
      report.kills++;
      log(`blow ${round + 1} (${blow}) after ${loadMs} ms: ${ledger.size} sent, ${open.length} were open, ${openKept} of them kept`);
    }
    report.sent = ledger.size;
    report.acknowledged = ledger.acknowledged;
    report.votes = channels.votes.count;
    return report;
  } catch (error) {
    throw new Error(`crash test, engine ${engine}, seed ${seed}, after ${report.kills} kills: ${(error as Error).message}\n--- server ---\n${server.output.slice(-4000)}`, { cause: error });
  } finally {
    for (const account of accounts) account.disconnect();
    await server[Symbol.asyncDispose]();
    await external?.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** What happens in supergroups and channels. */
interface ChannelLoads {
  posts: ChannelPosts;
  owners: Owners;
  migrations: Migrations;
  races: LinkRaces;
  files: SentFiles;
  copied: CopiedPosts;
  votes: Votes;
  reactions: GivenReactions;
}

interface Load {
  ledger: Ledger;
  group: GroupMembers;
  channels: ChannelLoads;
  random: Random;
  round: number;
  /** Unanswered sends of an account at a time. */
  window: number;
}

/** Where one of the sends goes: to another account, and every fourth time to the group, if the account stays in it. */
function chooseReceivers(accounts: readonly RawAccount[], from: RawAccount, { group, random }: Load): Pick<Entry, 'peer' | 'receivers'> {
  if (random.uint31() % 4 === 0 && group.staying.includes(from)) return { peer: group.peer, receivers: group.staying.filter((account) => account !== from) };
  const others = accounts.filter((account) => account !== from);
  const to = others[random.uint31() % others.length]!;
  return { peer: from.inputPeer(to), receivers: [to] };
}

/** Every account keeps `window` sends unanswered, and a member of the group comes and goes, until the server is gone. */
async function runLoad(accounts: RawAccount[], given: Load, strike: (begins: () => void) => Promise<void>): Promise<void> {
  const { ledger, group, channels, random, round, window } = given;
  let running = true;
  let striking = false;
  /** Without its database the server may answer 500, or the connection is gone: the call counts as unanswered. */
  const checkFailure = (error: unknown): void => {
    if (!striking || !isRetryable(error)) throw error;
  };
  const sending = accounts.flatMap((from, index) => Array.from({ length: window }, async (_, lane) => {
    for (let n = 0; running; n++) {
      const entry = { from, ...chooseReceivers(accounts, from, given), text: `${round}.${index}.${lane}.${n}`, randomId: random.int63(), ackedId: undefined as number | undefined };
      ledger.add(entry);
      try {
        // Half of the sends come after one another, as those of some libraries do.
        entry.ackedId = (await from.sendTo(entry.peer, entry.text, entry.randomId, n % 2 === 0)).id;
      } catch (error) {
        return checkFailure(error);
      }
    }
  }));
  const repeat = async (change: (n: number) => Promise<void>): Promise<void> => {
    for (let n = 0; running; n++) {
      try {
        await change(n);
      } catch (error) {
        return checkFailure(error);
      }
    }
  };
  const { posts, owners, migrations, races, files, copied, votes, reactions } = channels;
  const posting = POSTERS.flatMap((at) => POST_LANES.map((lane) => repeat((n) => posts.post(accounts[at]!, `post ${round}.${at}.${lane}.${n}`, random))));
  const commenting = [repeat((n) => copied.post(`copied ${round}.${n}`, random)), repeat((n) => copied.comment(`comment ${round}.${n}`, random))];
  const sendingFiles = FILE_LANES.map(() => repeat(() => files.send(random)));
  const changing = [repeat(() => group.change()), repeat(() => posts.change()), repeat(() => owners.change()), repeat(() => races.change()), repeat((n) => (n < MIGRATIONS ? migrations.change() : delay(MIN_LOAD_MS)))];
  const voting = VOTERS.flatMap((at) => accounts[at] ?? []).map((account) => repeat(() => votes.change(account, random)));
  const reacting = Array.from({ length: REACTORS }, (_, at) => repeat(() => reactions.change(at, random)));
  const load = Promise.all([...sending, ...reacting, ...posting, ...sendingFiles, ...commenting, ...changing, ...voting]);
  try {
    const blow = strike(() => {
      striking = true;
    });
    await Promise.race([blow, load.then(() => (striking ? blow : Promise.reject(new Error('the load ended before the blow'))))]);
  } finally {
    running = false;
    for (const account of accounts) account.disconnect();
    await load.catch(() => {});
  }
}

async function strike(blow: Blow, server: ServerProcess, external: EmbeddedPostgres | undefined, random: Random): Promise<void> {
  switch (blow) {
    case 'kill':
      return killBoth(server, external, random);
    case 'worker':
      await server.killWorker(random.uint31());
      return;
    case 'database':
      return external ? killTree(external.pid) : server.killDatabase();
    case 'term': {
      const code = await server.stop();
      if (code !== 0) throw new Error(`SIGTERM ended the server with ${code}`);
      return;
    }
    case 'stall':
      for (const signal of ['SIGSTOP', 'SIGCONT'] as const) {
        process.kill(server.info.pid, signal);
        if (signal === 'SIGSTOP') await delay(STALL_MS);
      }
      // Pending sends are answered before the load ends.
      await delay(MIN_LOAD_MS);
  }
}

/** A server that was not killed may still run calls from lost connections, so the boxes are read after those have ended. */
export async function waitForQuiet(accounts: readonly RawAccount[]): Promise<void> {
  const read = async (): Promise<string> => {
    const states = await Promise.all(accounts.map((account) => account.call<'updates.getState'>({ _: 'updates.getState' })));
    return states.map(({ pts }) => pts).join();
  };
  for (let before = '', now = await read(); now !== before; ) {
    await delay(QUIET_MS);
    [before, now] = [now, await read()];
  }
}
