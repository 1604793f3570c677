import { rpcError } from '@aerogram/errors';
import { type Clock, TokenBuckets } from '@aerogram/runtime';

import { OwnerCounts } from './owner-counts.ts';
import { type ExactName, type HasLimits, isWithoutLimits, MAX_BUCKETS, type QuotaDeps, QUOTAS, useQuota } from './quotas.ts';

/** The seconds to wait, or 0; a promise where another node must be asked. */
export type Wait = number | Promise<number>;

/** Takes from one bucket after the other, until there is one to wait for. */
export function takeBoth(first: Wait, second: () => Wait): Wait {
  if (typeof first === 'number') return first > 0 ? first : second();
  return first.then((waitS) => (waitS > 0 ? waitS : second()));
}

/** Lets a call wait for nothing. @returns undefined, synchronously, if no other node was asked @throws RpcError 420 FLOOD_WAIT */
export function refuseWait(wait: Wait): Promise<void> | undefined {
  const refuse = (waitS: number): void => {
    if (waitS > 0) throw rpcError('FLOOD_WAIT_%d', waitS);
  };
  if (typeof wait !== 'number') return wait.then(refuse);
  refuse(wait);
  return undefined;
}

/** Quotas of at least this capacity are handed out in chunks. */
const MIN_CHUNKED = 100;
/** Which part of the capacity a chunk is. */
const CHUNKS = 50;
/** How often tokens are given back that another node handed out longer ago than this, in milliseconds: none is kept for more than twice as long. */
const KEEP_MS = 500;
/** For how many tokens are kept; for others each use is a question. */
const MAX_KEPT = 10_000;
/** The wait, in seconds, when a limit on codes or guesses cannot be counted: by then the owner is there again, or another node is. */
const UNCOUNTED_WAIT_S = 5;

/** Tokens of somebody that another node has handed out, and calls that wait for more. */
interface Kept {
  node: string;
  left: number;
  untilMs: number;
  /** The sum of what calls wait for. */
  wanted: number;
  /** The question under way; resolves with the tokens that the owner has left, or undefined if it did not answer. */
  asking: Promise<number | undefined> | undefined;
}

/**
 * A refilling quota that is exact over all nodes. Of somebody's bucket one node is the owner, and the others ask it. Large buckets are handed out in chunks, which the
 * asker uses without asking and gives back within a second; what is handed out is spent for the others. So at most as many uses pass as in one
 * process, each up to a second after it was counted. Buckets whose owner is lost, or changes, are full again.
 */
export class ExactQuota {
  readonly #name: ExactName;
  readonly #clock: Clock;
  readonly #hasLimits: HasLimits | undefined;
  readonly #buckets: TokenBuckets;
  readonly #counts: OwnerCounts;
  readonly #chunk: number;
  readonly #kept = new Map<string, Kept>();
  #isSweeping = false;

  constructor({ clock, owners, hasLimits }: QuotaDeps, name: ExactName) {
    const { capacity, tokensPerSecond } = QUOTAS[name];
    this.#name = name;
    this.#clock = clock;
    this.#hasLimits = hasLimits;
    const buckets = new TokenBuckets(clock, { capacity, tokensPerSecond, maxBuckets: MAX_BUCKETS });
    this.#buckets = buckets;
    this.#chunk = capacity < MIN_CHUNKED ? 0 : Math.ceil(capacity / CHUNKS);
    this.#counts = new OwnerCounts(owners, name, {
      grant(whom, wanted) {
        const { taken, left } = buckets.takeSome(whom, wanted);
        return { granted: taken, rest: left };
      },
      giveBack: (whom, count) => buckets.giveBack(whom, count),
    });
  }

  /**
   * Takes `count` tokens from the bucket of `whom`, or its capacity if that is less, unless it begins with the id of a user without limits.
   * @returns 0 on success; otherwise the seconds to wait, and nothing was taken. Synchronous if this node counts for `whom`, or has enough of a chunk left
   */
  take(whom: string, count: number): Wait {
    useQuota(this.#name);
    if (isWithoutLimits(this.#hasLimits, whom)) return 0;
    const node = this.#counts.find(whom);
    if (node === undefined) return this.#buckets.take(whom, count);
    const wanted = Math.min(count, QUOTAS[this.#name].capacity);
    const kept = this.#kept.get(whom);
    if (kept?.node !== node || kept.left < wanted) return this.#takeFrom(node, whom, wanted);
    kept.left -= wanted;
    return 0;
  }

  /** Calls that wait for the same owner share one question. */
  async #takeFrom(node: string, whom: string, wanted: number): Promise<number> {
    const kept = this.#keep(node, whom);
    kept.wanted += wanted;
    try {
      for (;;) {
        if (kept.left >= wanted) {
          kept.left -= wanted;
          return 0;
        }
        kept.asking ??= this.#fill(kept, whom, wanted).finally(() => (kept.asking = undefined));
        const left = await kept.asking;
        if (left === undefined) return this.#takeAlone(whom, wanted);
        const missing = wanted - kept.left - left;
        if (missing > 0) return Math.max(1, Math.ceil(missing / QUOTAS[this.#name].tokensPerSecond));
      }
    } finally {
      kept.wanted -= wanted;
    }
  }

  async #fill(kept: Kept, whom: string, wanted: number): Promise<number | undefined> {
    const isKept = this.#kept.get(whom) === kept;
    const most = kept.wanted - kept.left + (isKept ? this.#chunk : 0);
    const grant = await this.#counts.ask(kept.node, whom, { least: wanted - kept.left, most });
    if (grant === undefined) return undefined;
    kept.left += grant.granted;
    kept.untilMs = this.#clock.monotonicMs() + KEEP_MS;
    return grant.rest;
  }

  /** Counts without the owner. */
  #takeAlone(whom: string, wanted: number): number {
    const { counted } = QUOTAS[this.#name];
    return counted === 'owner-or-refuse' ? UNCOUNTED_WAIT_S : this.#buckets.take(whom, wanted * this.#counts.nodes);
  }

  #keep(node: string, whom: string): Kept {
    const known = this.#kept.get(whom);
    if (known?.node === node) return known;
    const kept: Kept = { node, left: 0, untilMs: 0, wanted: 0, asking: undefined };
    if (known === undefined && this.#kept.size >= MAX_KEPT) return kept;
    this.#kept.set(whom, kept);
    this.#sweepLater();
    return kept;
  }

  #sweepLater(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#clock.setTimeout(() => this.#sweep(), KEEP_MS);
  }

  #sweep(): void {
    this.#isSweeping = false;
    const nowMs = this.#clock.monotonicMs();
    for (const [whom, kept] of this.#kept) {
      if (kept.untilMs > nowMs || kept.wanted > 0) continue;
      this.#kept.delete(whom);
      if (kept.left > 0 && this.#counts.find(whom) === kept.node) this.#counts.giveBack(kept.node, whom, kept.left);
    }
    if (this.#kept.size > 0) this.#sweepLater();
  }
}
