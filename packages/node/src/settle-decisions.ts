import { type Bus, decodeHints, encodeHints, type LossListeners, type NamedHint, type NatsBus } from '@aerogram/bus';
import type { LinkHub } from '@aerogram/link';
import { type Clock, defineCounter, type Logger, type Metrics, pause } from '@aerogram/runtime';
import { DatabaseUnavailable, type Membership } from '@aerogram/storage';

/** What settling needs. */
export interface SettlingDeps {
  bus: Pick<NatsBus, 'publish' | 'deliver'>;
  links: Pick<LinkHub, 'call' | 'onCall'>;
  lease: Pick<Membership, 'self' | 'members' | 'peers' | 'onChange' | 'raiseBarrier' | 'lost'>;
  /** Told when this node must drop all that it has read. */
  losses: Pick<LossListeners, 'tell'>;
  clock: Clock;
  metrics: Metrics;
  log: Logger;
}

/** Kind of the calls, which carry the hints, or nothing if everything must be dropped. */
const CALL = 'decisions';
/** How long another node may take before the barrier, in milliseconds. */
const ANSWER_MS = 300;
/** A commit with more hints than this, some 10,000 keys, has the others drop everything. */
const MAX_BYTES = 256 * 1024;
/** How long a barrier that cannot be raised is tried again before those who wait are refused, in milliseconds. */
const GIVE_UP_MS = 10_000;
/** How often, in milliseconds. */
const RETRY_MS = 500;

const NOTHING = Buffer.alloc(0);

const settlings = defineCounter({
  name: 'aerogram_decisions_total',
  help: 'Decisions of this node that the others had to take over, by what they were settled with: link (all have answered), barrier, or none (given up).',
  labels: ['settled_by'],
});

interface Batch {
  hints: NamedHint[];
  settled: Promise<void>;
}

/**
 * Has the decisions of this node hold on all others, and takes over theirs. All that accept links are asked, also those that do not serve yet: they have a link
 * before they are members, and this node may learn late that they are. A node drops what it has read when it becomes a member. Whoever is asked never waits for a decision of its own, so two nodes do not wait for each other.
 */
export class Settling implements Disposable {
  readonly #deps: SettlingDeps;
  /** Hints of this turn of the event loop, which one commit or several have published. */
  #batch: Batch | undefined;
  /** The barrier that others are told of now. */
  #raised: Promise<void> = Promise.resolve();
  /** The one after it, which may still take decisions in. */
  #next: Promise<void> | undefined;
  readonly #changes: Disposable;
  #isMember = false;
  #isEnded = false;

  constructor(deps: SettlingDeps) {
    this.#deps = deps;
    deps.links.onCall(CALL, (body) => this.#takeOver(body));
    this.#changes = deps.lease.onChange(() => this.#look());
    void deps.lease.lost.then(() => {
      this.#isEnded = true;
    });
  }

  /** See `Bus.decide`. */
  readonly decide: Bus['decide'] = (topic, hint) => {
    this.#deps.bus.publish(topic, hint);
    if (!this.#batch) {
      const batch: Batch = { hints: [], settled: Promise.resolve().then(() => this.#settle(batch.hints)) };
      this.#batch = batch;
    }
    this.#batch.hints.push({ topic, hint });
    return this.#batch.settled;
  };

  /** Gives up barriers that cannot be raised. */
  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#changes[Symbol.dispose]();
  }

  #look(): void {
    const { lease, losses } = this.#deps;
    if (this.#isMember || !lease.members.some(({ name }) => name === lease.self)) return;
    this.#isMember = true;
    losses.tell();
  }

  async #takeOver(body: Uint8Array): Promise<Uint8Array> {
    const { bus, losses } = this.#deps;
    if (body.length === 0) losses.tell();
    else for (const { topic, hint } of decodeHints(body)) bus.deliver(topic, hint);
    // The bus calls listeners in a later microtask: by the answer they must have dropped what the hints name.
    await Promise.resolve();
    return NOTHING;
  }

  async #settle(hints: NamedHint[]): Promise<void> {
    this.#batch = undefined;
    const { lease, links, metrics, log } = this.#deps;
    const others = lease.peers.filter(({ name }) => name !== lease.self);
    if (others.length === 0) return;
    const body = encodeHints(hints);
    const asked = others.map(async ({ name }) => {
      try {
        await links.call(name, CALL, body.length > MAX_BYTES ? NOTHING : body, { timeoutMs: ANSWER_MS });
        return true;
      } catch (error) {
        log.debug({ node: name, err: error }, 'a node has not confirmed a decision');
        return false;
      }
    });
    const isConfirmed = (await Promise.all(asked)).every(Boolean);
    try {
      if (!isConfirmed) await this.#passBarrier();
      metrics.counter(settlings).inc({ settled_by: isConfirmed ? 'link' : 'barrier' });
    } catch (error) {
      metrics.counter(settlings).inc({ settled_by: 'none' });
      throw error;
    }
  }

  /** Waits for a barrier that is raised after now; decisions that come while another is under way share the next one. */
  #passBarrier(): Promise<void> {
    this.#next ??= this.#raised
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#raised = this.#raise();
        return this.#raised;
      });
    return this.#next;
  }

  async #raise(): Promise<void> {
    const { clock, lease, log } = this.#deps;
    const startedMs = clock.monotonicMs();
    for (;;) {
      try {
        return await lease.raiseBarrier();
      } catch (error) {
        if (this.#isEnded || clock.monotonicMs() - startedMs > GIVE_UP_MS) throw new DatabaseUnavailable('a decision could not be settled', { cause: error });
        log.debug({ err: error }, 'the barrier could not be raised');
      }
      await pause(clock, RETRY_MS);
    }
  }
}
