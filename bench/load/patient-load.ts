import { setTimeout as delay } from 'node:timers/promises';
import { ownerOf } from '@aerogram/cluster';
import { Ledger, type RawAccount } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { runPaced } from './deliveries.ts';
import type { Outcome, SentCall } from './outcome.ts';
import { accountAt, type NodeAddress } from './send-load.ts';

/** Pause before a call or a connection is tried again, in milliseconds. */
const RETRY_MS = 100;
/** After this time a send counts as never answered, in milliseconds. */
const PATIENCE_MS = 120_000;

/** The load of accounts that keep sending while nodes start and end. */
export interface PatientSends {
  /** Account 2i sends to account 2i + 1. */
  senders: number;
  perSecond: number;
  /** Where they connect: one after the other to one after the other, and to the next one when that takes no connection. */
  places: readonly NodeAddress[];
  /** Names of the nodes that serve the keys. */
  nodes: readonly string[];
}

/** An account that connects again and repeats its calls until they are answered, as apps do. */
class PatientAccount {
  readonly owner: string;
  readonly account: RawAccount;
  readonly #places: readonly NodeAddress[];
  readonly #onRefused: (text: string) => void;
  #at: number;
  #connecting: Promise<void> | undefined;

  constructor(account: RawAccount, at: number, { places, nodes }: PatientSends, onRefused: (text: string) => void) {
    this.account = account;
    this.owner = ownerOf(account.key.key.id, nodes);
    this.#places = places;
    this.#at = at % places.length;
    this.#onRefused = onRefused;
    account.onClosed = () => void this.connect();
  }

  /** Where it is connected. */
  get by(): string {
    return this.#places[this.#at]!.name;
  }

  /** Connects, if it has not begun to. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** Makes a call until it is answered. @param onRepeat called when the connection ended before the answer */
  async call<T>(make: () => Promise<T>, onRepeat: () => void): Promise<T> {
    for (;;) {
      try {
        await this.#connecting;
        return await make();
      } catch (error) {
        await this.#pause(error);
        if (error instanceof RawClientError) continue;
        onRepeat();
        await this.connect();
      }
    }
  }

  async #connect(): Promise<void> {
    for (;; this.#at = (this.#at + 1) % this.#places.length) {
      try {
        return await this.account.connect(this.#places[this.#at]!.info);
      } catch (error) {
        await this.#pause(error);
      }
    }
  }

  async #pause(error: unknown): Promise<void> {
    // Anything else says that there is no connection.
    if (error instanceof RawClientError) this.#onRefused(error.message);
    await delay(RETRY_MS);
  }
}

/** Sends that go on until they are told to end. */
class PatientRun {
  readonly #ledger: Ledger;
  readonly #end = new AbortController();
  readonly #accounts: readonly PatientAccount[];
  readonly #sends: SentCall[] = [];
  readonly #refusals: string[] = [];
  readonly #startedMs = performance.now();
  #repeats = 0;
  #open = 0;
  #load: Promise<void> = Promise.resolve();

  constructor(given: PatientSends, ledger: Ledger) {
    this.#ledger = ledger;
    this.#accounts = Array.from({ length: given.senders * 2 }, (_, n) => new PatientAccount(accountAt(n), n >> 1, given, (text) => this.#refusals.push(text)));
  }

  async begin({ senders, perSecond }: PatientSends): Promise<void> {
    for (const one of this.#accounts) await one.connect();
    this.#load = runPaced(this.#end.signal, perSecond, (n) => this.#send(n % senders, n));
  }

  async end(): Promise<Outcome> {
    this.#end.abort();
    const isLate = await Promise.race([this.#load.then(() => false), delay(PATIENCE_MS, true, { ref: false })]);
    if (isLate) throw new Error(`${this.#open} of ${this.#sends.length + this.#open} sends were not answered within ${PATIENCE_MS} ms`);
    for (const text of new Set(this.#refusals)) console.log(`refused ${this.#refusals.filter((one) => one === text).length} times: ${text}`);
    return {
      operations: this.#sends.length,
      elapsedMs: performance.now() - this.#startedMs,
      ackMs: this.#sends.map(({ ms }) => ms),
      sends: this.#sends,
      byName: { refused: [this.#refusals.length], repeats: [this.#repeats] },
    };
  }

  /** Compares the boxes of all accounts with what was acknowledged. @returns what is wrong */
  async check(): Promise<string[]> {
    // An account that has sent nothing since its key moved is about to be disconnected.
    for (const one of this.#accounts) await one.connect();
    return (await this.#ledger.findBroken(this.#accounts.map(({ account }) => account))).broken;
  }

  async #send(sender: number, n: number): Promise<void> {
    const from = this.#accounts[sender * 2]!;
    const to = this.#accounts[sender * 2 + 1]!.account;
    const peer = from.account.inputPeer(to);
    const entry = { from: from.account, peer, receivers: [to], text: `${this.#startedMs} ${n} and some words of an ordinary message`, randomId: systemRandom.int63(), ackedId: undefined as number | undefined };
    this.#ledger.add(entry);
    const startedMs = performance.now();
    const about = { sender, owner: from.owner, by: from.by, atMs: performance.timeOrigin + startedMs };
    this.#open++;
    entry.ackedId = (await from.call(() => from.account.sendTo(peer, entry.text, entry.randomId), () => this.#repeats++)).id;
    this.#open--;
    this.#sends.push({ ...about, ms: performance.now() - startedMs });
  }
}

/** Of all runs, because boxes have the messages of all. */
const ledger = new Ledger();
let run: PatientRun | undefined;

/** Connects accounts that have signed up, and begins to send. */
export async function beginSends(given: PatientSends): Promise<Outcome> {
  run = new PatientRun(given, ledger);
  await run.begin(given);
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** Ends them when all are answered. `refused` of `byName` has the answers that were errors, `repeats` the sends whose connection ended before the answer. */
export async function endSends(): Promise<Outcome> {
  if (run === undefined) throw new Error('no sends have begun');
  return run.end();
}

/** Reads the boxes of the accounts. `broken` of `byName` has the messages of all runs that are lost or there twice. */
export async function checkSends(): Promise<Outcome> {
  const broken = (await run?.check()) ?? [];
  for (const line of broken.slice(0, 10)) console.log(line);
  return { operations: 0, elapsedMs: 0, ackMs: [], byName: { broken: [broken.length] } };
}
