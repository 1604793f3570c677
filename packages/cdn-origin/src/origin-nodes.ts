import { ByteBudget, type Clock, type Counter, type Gauge, type Logger, type Metrics, type Random, waitForRoom } from '@aerogram/runtime';
import type { CdnNodes, KnownNode, PushedWindow, PushOutcome } from './cdn-nodes.ts';
import { chooseNode } from './choose-node.ts';
import { NodeFault } from './node-fault.ts';
import { knownNodes, nodeMessages } from './origin-metrics.ts';
import { PushClient } from './push-client.ts';

/** A node counts as alive for this long after it answered, in seconds. It is asked every 10 s. */
export const ALIVE_S = 30;
/** A node to which a push failed is not chosen by this process for so long, in milliseconds. */
const AVOIDED_MS = 30_000;
/** Bytes on the way from this process to one node, at most. */
const NODE_BYTES = 8 * 1024 * 1024;
/** Bytes on the way from this process to all nodes, at most. */
const TOTAL_BYTES = 64 * 1024 * 1024;
/** Pushes to one node that wait for room, at most. */
const MAX_WAITING = 32;
/** How long a push to a node waits for room, in milliseconds. */
const MAX_WAIT_MS = 5_000;

/** A node, and when it last answered. */
export interface HeardNode {
  node: KnownNode;
  /** Unix seconds; undefined: not since it was added. */
  heard_date: number | undefined;
}

interface Entry extends HeardNode {
  room: ByteBudget;
  chosenAt: number;
  avoidedUntilMs: number;
}

export interface OriginNodesDeps {
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
}

/** The nodes as one process of the server sees them. Somebody else reads them from the database and gives them to `replace`. */
export class OriginNodes implements CdnNodes, Disposable {
  readonly client: PushClient;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #messages: Counter<'kind' | 'outcome'>;
  readonly #metrics: Metrics;
  /** Only one process of a server has it: every other one would count the same nodes. */
  #gauge: Gauge<'state'> | undefined;
  readonly #total = new ByteBudget(TOTAL_BYTES);
  readonly #listeners = new Set<() => void>();
  #entries = new Map<number, Entry>();
  #list: readonly KnownNode[] = [];
  #choices = 0;

  constructor({ clock, random, log, metrics }: OriginNodesDeps) {
    this.client = new PushClient({ clock, random });
    this.#clock = clock;
    this.#log = log;
    this.#messages = metrics.counter(nodeMessages);
    this.#metrics = metrics;
  }

  list(): readonly KnownNode[] {
    return this.#list;
  }

  choose(region: string | undefined): KnownNode | undefined {
    const nowMs = this.#clock.monotonicMs();
    const usable = [...this.#entries.values()].filter((entry) => this.#isAlive(entry) && entry.avoidedUntilMs <= nowMs);
    const node = chooseNode(usable.map(({ node, room, chosenAt }) => ({ node, load: room.total, chosenAt })), region);
    if (node !== undefined) this.#entries.get(node.dc)!.chosenAt = ++this.#choices;
    return node;
  }

  async pushWindow(node: KnownNode, window: PushedWindow, ciphertext: Uint8Array): Promise<PushOutcome> {
    const outcome = await this.#push(node, window, ciphertext);
    this.#messages.inc({ kind: 'window', outcome });
    return outcome;
  }

  /** Replaces what is known. Listeners are told if clients have to know of it. */
  replace(heard: readonly HeardNode[]): void {
    const before = this.#list;
    const known = this.#entries;
    this.#entries = new Map(heard.map((next) => [next.node.dc, { ...stateOf(known.get(next.node.dc)), node: next.node, heard_date: latestDate(known.get(next.node.dc), next) }]));
    this.#list = heard.map(({ node }) => node);
    this.client.keepOnly(new Set(this.#list.map(({ id }) => id)));
    this.#updateGauge();
    if (publicFacts(before) !== publicFacts(this.#list)) for (const listener of this.#listeners) listener();
  }

  /** Shows in the metrics how many nodes are alive, from now on. */
  showStates(): void {
    this.#gauge = this.#metrics.gauge(knownNodes);
    this.#updateGauge();
  }

  /** Notes that a node answered. @param date Unix seconds */
  heard(dc: number, date: number): void {
    const entry = this.#entries.get(dc);
    if (entry === undefined) return;
    entry.heard_date = date;
    this.#messages.inc({ kind: 'alive', outcome: 'ok' });
    this.#updateGauge();
  }

  /** Notes that a node could not be told that the server is there. */
  missed(): void {
    this.#messages.inc({ kind: 'alive', outcome: 'failed' });
    this.#updateGauge();
  }

  /** Calls back when the DC ids, addresses or keys that clients know have changed. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]();
    this.#listeners.clear();
  }

  #isAlive({ heard_date }: HeardNode): boolean {
    return heard_date !== undefined && this.#clock.now() - heard_date <= ALIVE_S;
  }

  #updateGauge(): void {
    if (this.#gauge === undefined) return;
    const alive = [...this.#entries.values()].filter((entry) => this.#isAlive(entry)).length;
    this.#gauge.set({ state: 'alive' }, alive);
    this.#gauge.set({ state: 'away' }, this.#entries.size - alive);
  }

  async #push(node: KnownNode, window: PushedWindow, ciphertext: Uint8Array): Promise<PushOutcome> {
    const entry = this.#entries.get(node.dc);
    // Each push to a node that does not answer would hold its window in memory until it is given up.
    if (entry === undefined || !this.#isAlive(entry)) return 'failed';
    if (entry.room.waiting >= MAX_WAITING) return 'full';
    // Every caller already holds its window in memory, so those who wait are bounded too.
    const wait = { clock: this.#clock, bytes: ciphertext.length, maxWaitMs: MAX_WAIT_MS };
    const leave = await waitForRoom(entry.room, { ...wait, owner: SHARED });
    const leaveTotal = leave && (await waitForRoom(this.#total, { ...wait, owner: node.id }));
    try {
      return leaveTotal === undefined ? 'full' : await this.#pushNow(entry, window, ciphertext);
    } finally {
      leaveTotal?.();
      leave?.();
    }
  }

  async #pushNow(entry: Entry, window: PushedWindow, ciphertext: Uint8Array): Promise<PushOutcome> {
    const { node } = entry;
    try {
      const status = await this.client.tellWindow(node, window, ciphertext);
      const outcome = OUTCOMES[status];
      if (outcome !== undefined) return outcome;
      throw new NodeFault(`it refused a window with ${status}`);
    } catch (error) {
      this.#log.warn({ err: error, dc: node.dc }, 'a window could not be pushed to a CDN node');
      // By its DC id, because the entry may have been replaced meanwhile.
      const current = this.#entries.get(node.dc);
      if (current) current.avoidedUntilMs = this.#clock.monotonicMs() + AVOIDED_MS;
      return 'failed';
    }
  }
}

/** All pushes to one node are for the same owner. */
const SHARED = 'pushes';

const OUTCOMES: Readonly<Record<number, PushOutcome>> = { 200: 'ok', 410: 'forgotten', 503: 'full' };

function stateOf(known: Entry | undefined): Pick<Entry, 'room' | 'chosenAt' | 'avoidedUntilMs'> {
  return { room: known?.room ?? new ByteBudget(NODE_BYTES), chosenAt: known?.chosenAt ?? 0, avoidedUntilMs: known?.avoidedUntilMs ?? 0 };
}

/** When a node last answered: this process may know it before the database does. */
function latestDate(known: HeardNode | undefined, next: HeardNode): number | undefined {
  if (known?.node !== next.node || known.heard_date === undefined) return next.heard_date;
  return Math.max(known.heard_date, next.heard_date ?? known.heard_date);
}

/** What clients are told about the nodes, for comparison. */
function publicFacts(nodes: readonly KnownNode[]): string {
  return JSON.stringify(nodes.map(({ dc, client, publicKey }) => [dc, client.host, client.port, publicKey.pem]));
}
