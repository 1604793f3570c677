import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { printErrors } from '@aerogram/dev-env/child-errors';
import { makeKeyWith, RawAccount, type ServerInfo, wireTo } from '@aerogram/dev-env/load';
import { RawClient } from '@aerogram/mtproto/client';
import { encode } from '@aerogram/tl';
import type { AttackCommand, AttackReport } from './attacker.ts';

/** The result of one attack, and its effect on other users. */
export interface AttackOutcome {
  name: string;
  /** Packets, requests or connections of the attackers. */
  sent: number;
  /** Messages that the users sent meanwhile, and the time from the call to the delivery. */
  delivered: number;
  p50Ms: number;
  p99Ms: number;
  /** The longest time that a new client needed from the first byte of the key exchange to the answer of its first call. */
  newcomerMs: number;
  /** Memory of the server in bytes: before, maximum, and some time after the attack. */
  rssBefore: number;
  rssMost: number;
  rssAfter: number;
}

export interface RunOptions {
  info: ServerInfo;
  /** Process id of the server. */
  pid: number;
  names: readonly string[];
  forMs: number;
  /** Time for garbage collection before the next attack, in milliseconds. */
  calmMs: number;
  /** Accounts of the attackers. */
  accounts: number;
  /** Of the server's database. */
  databaseUrl: string;
  /** The file that runs as the attacking process with `--attacker`. */
  attackerFile: string;
  onOutcome?: (outcome: AttackOutcome) => void;
}

/**
 * Number of pairs who write to each other, and how often: about 250 messages a second, so that the p99 is based on more than a few of them.
 */
const PAIRS = 5;
const SEND_EVERY_MS = 20;
const LOOK_EVERY_MS = 100;
const NEWCOMER_EVERY_MS = 250;
const NEWCOMER_RETRY_MS = 50;
/** How long a user may wait for a message or a connection before the run counts as failed. */
const SERVED_WITHIN_MS = 30_000;

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Two users who write to each other in turns. */
type Pair = readonly [RawAccount, RawAccount];

/** Pairs of users who write to each other during an attack. */
class Witnesses {
  readonly #pairs: readonly Pair[];
  readonly #sent = new Map<string, number>();
  #tookMs: number[] = [];
  #number = 0;

  private constructor(pairs: readonly Pair[]) {
    this.#pairs = pairs;
    for (const one of pairs.flat()) {
      one.onText = (text) => {
        const sentMs = this.#sent.get(text);
        if (sentMs !== undefined) this.#tookMs.push(performance.now() - sentMs);
        this.#sent.delete(text);
      };
    }
  }

  static async open(info: ServerInfo): Promise<Witnesses> {
    const pairs: Pair[] = [];
    for (let n = 0; n < PAIRS; n++) {
      const alice = await RawAccount.signUp(info, { name: `Alice ${n}`, phone: `999661000${n}`, code: '11111' });
      const bob = await RawAccount.signUp(info, { name: `Bob ${n}`, phone: `999662000${n}`, code: '22222' });
      await alice.meet(bob);
      await bob.meet(alice);
      pairs.push([alice, bob]);
    }
    return new Witnesses(pairs);
  }

  /** Writes until told to stop. @throws when a message is refused, or is not delivered within 30 s */
  async writeUntil(signal: AbortSignal): Promise<number[]> {
    this.#tookMs = [];
    await Promise.all(this.#pairs.map((pair) => this.#writeAs(pair, signal)));
    for (let waitedMs = 0; this.#sent.size > 0; waitedMs += 50) {
      if (waitedMs > SERVED_WITHIN_MS) throw new Error(`${this.#sent.size} messages were not delivered`);
      await delay(50);
    }
    return this.#tookMs.toSorted((a, b) => a - b);
  }

  async #writeAs([one, other]: Pair, signal: AbortSignal): Promise<void> {
    const calls: Promise<unknown>[] = [];
    let [from, to] = [one, other];
    while (!signal.aborted) {
      const text = `message ${(this.#number += 1)}`;
      this.#sent.set(text, performance.now());
      const call = from.send(to, text);
      // A refusal is thrown at the end.
      call.catch(() => {});
      calls.push(call);
      [from, to] = [to, from];
      await delay(SEND_EVERY_MS);
    }
    await Promise.all(calls);
  }

  close(): void {
    for (const one of this.#pairs.flat()) one.disconnect();
  }
}

/**
 * New clients connect now and then until told to stop. Like apps, they try again when they are refused or cut off.
 * @returns how long each waited until it was served, in ms
 * @throws the reason of the last refusal when one was not served within 30 s
 */
async function comeUntil(signal: AbortSignal, info: ServerInfo): Promise<number[]> {
  const tookMs: number[] = [];
  while (!signal.aborted) {
    const beganMs = performance.now();
    while (!(await isServed(info, beganMs))) await delay(NEWCOMER_RETRY_MS);
    tookMs.push(performance.now() - beganMs);
    await delay(NEWCOMER_EVERY_MS);
  }
  return tookMs;
}

async function isServed(info: ServerInfo, beganMs: number): Promise<boolean> {
  try {
    await using client = await RawClient.connect({ ...wireTo(info), clientKey: await makeKeyWith(info) });
    await client.call(encode({ _: 'help.getNearestDc' }));
    return true;
  } catch (error) {
    if (performance.now() - beganMs > SERVED_WITHIN_MS) throw error;
    return false;
  }
}

/** Runs one attack after another against a server, from a separate process, while users write to each other. */
export async function runAttacks(options: RunOptions): Promise<AttackOutcome[]> {
  const { info, pid, names } = options;
  const witnesses = await Witnesses.open(info);
  const child = printErrors(fork(options.attackerFile, ['--attacker'], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] }));
  const outcomes: AttackOutcome[] = [];
  try {
    for (const name of names) {
      const rssBefore = await residentBytes(pid);
      const enough = new AbortController();
      let rssMost = rssBefore;
      const watch = setInterval(() => {
        residentBytes(pid).then((bytes) => {
          rssMost = Math.max(rssMost, bytes);
        }, () => {});
      }, LOOK_EVERY_MS);
      const command: AttackCommand = { info, name, forMs: options.forMs, accounts: options.accounts, databaseUrl: options.databaseUrl };
      let others: Promise<[number[], number[]]> | undefined;
      const sent = await attackBy(child, command, () => {
        others = Promise.all([witnesses.writeUntil(enough.signal), comeUntil(enough.signal, info)]);
        // Awaited after the attack.
        others.catch(() => {});
      }).finally(() => enough.abort());
      const [took, newcomersMs] = (await others) ?? [[], []];
      await delay(options.calmMs);
      clearInterval(watch);
      const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? NaN;
      const outcome = { name, sent, delivered: took.length, p50Ms: at(0.5), p99Ms: at(0.99), newcomerMs: Math.max(...newcomersMs), rssBefore, rssMost, rssAfter: await residentBytes(pid) };
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
    }
    return outcomes;
  } finally {
    witnesses.close();
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
}

function attackBy(child: ChildProcess, command: AttackCommand, onBegin: () => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const onMessage = (report: AttackReport): void => {
      if ('begins' in report) return onBegin();
      child.off('message', onMessage);
      if ('sent' in report) resolve(report.sent);
      else reject(new Error(report.error));
    };
    child.on('message', onMessage);
    child.send(command);
  });
}
