import { HeardInterest } from './heard-interest.ts';

/** A node that was heard. */
interface Sender {
  name: string | undefined;
  /** What it listens to. */
  readonly interest: HeardInterest;
  /** Sequence of the last message to all that was heard or told of. */
  sequence: number;
  heardMs: number;
}

/** Time without a beat after which what a node says may be lost, in milliseconds. Beats come each second. */
export const SILENCE_MS = 3_000;

/** Nodes that are remembered; more than a cluster has, so that whoever invents senders fills no memory. */
const MAX_SENDERS = 1_000;

/** Topics that are kept of all nodes together; a hundred thousand take 4 MB. */
const MAX_KEYS = 2_000_000;

/** Finds out from numbers and beats whether a message of another node is missing. Times are those of a clock that never goes back. */
export class Senders {
  readonly #senders = new Map<bigint, Sender>();
  /** When each node that ought to be heard was last missed. */
  readonly #missed = new Map<string, number>();
  readonly #maxKeys: number;
  #beganMs = Number.NEGATIVE_INFINITY;

  constructor(maxKeys = MAX_KEYS) {
    this.#maxKeys = maxKeys;
  }

  /** Forgets all, because everybody is told of a gap; whoever is heard for the first time soon afterwards may be at any number. */
  restart(nowMs: number): void {
    this.#senders.clear();
    this.#missed.clear();
    this.#beganMs = nowMs;
  }

  /** Whether there may be nodes that were heard and are not remembered. */
  get isFull(): boolean {
    return this.#senders.size >= MAX_SENDERS;
  }

  /** Whether nodes of all these names were heard. */
  hasAll(names: Iterable<string>): boolean {
    const missing = new Set(names);
    for (const { name } of this.#senders.values()) if (name !== undefined) missing.delete(name);
    return missing.size === 0;
  }

  /** Whether one of those that were heard listens to a topic, or may do so. */
  mayHave(key: number): boolean {
    for (const { interest } of this.#senders.values()) if (interest.mayHave(key)) return true;
    return false;
  }

  /** Those that ought to tell everything that they listen to. */
  wanted(): bigint[] {
    return Array.from(this.#senders)
      .filter(([, { interest }]) => interest.isWanted)
      .map(([id]) => id);
  }

  /** Hears what a node listens to, which is a message to all. @returns what is wrong with it */
  heardInterest(id: bigint, { sequence, body }: { sequence: number; body: Buffer }, nowMs: number): 'hole' | 'malformed' | undefined {
    const isLate = sequence <= (this.#senders.get(id)?.sequence ?? 0);
    const isMissing = this.heardHint(id, sequence, nowMs);
    const interest = this.#senders.get(id)?.interest;
    if (isLate) interest?.forget();
    else if (interest?.hear(body, this.#room()) === false) return 'malformed';
    return isMissing ? 'hole' : undefined;
  }

  /** Hears a message to all. @returns whether one before it is missing */
  heardHint(id: bigint, sequence: number, nowMs: number): boolean {
    return this.#heard(id, { sequence, before: sequence - 1 }, nowMs);
  }

  /** Hears a beat, which names the last message to all. @returns whether that one or others are missing */
  heardBeat(id: bigint, beat: { sequence: number; name: string }, nowMs: number): boolean {
    const isMissing = this.#heard(id, { sequence: beat.sequence, before: beat.sequence }, nowMs);
    const sender = this.#senders.get(id);
    if (sender !== undefined) sender.name = beat.name;
    return isMissing;
  }

  /** Forgets a node that ends. */
  left(id: bigint): void {
    this.#senders.delete(id);
  }

  /**
   * Looks for nodes that are silent. One that is not expected is told of once and forgotten, an expected one again after each time of silence.
   * @param expected names of the other nodes that ought to be heard
   */
  isSilent(expected: Iterable<string>, nowMs: number): boolean {
    let isAnySilent = false;
    const heard = new Set<string>();
    for (const [id, { name, heardMs }] of this.#senders) {
      if (nowMs - heardMs < SILENCE_MS) {
        if (name !== undefined) heard.add(name);
        continue;
      }
      this.#senders.delete(id);
      if (name !== undefined) this.#missed.set(name, nowMs);
      isAnySilent = true;
    }
    const missing = new Set(expected);
    for (const name of missing) {
      if (heard.has(name)) {
        missing.delete(name);
        continue;
      }
      const since = this.#missed.get(name);
      if (since === undefined) this.#missed.set(name, nowMs);
      if (since === undefined || nowMs - since < SILENCE_MS) continue;
      this.#missed.set(name, nowMs);
      isAnySilent = true;
    }
    for (const name of this.#missed.keys()) if (!missing.has(name)) this.#missed.delete(name);
    return isAnySilent;
  }

  #heard(id: bigint, { sequence, before }: { sequence: number; before: number }, nowMs: number): boolean {
    const sender = this.#senders.get(id);
    if (sender === undefined) {
      if (this.#senders.size >= MAX_SENDERS) return true;
      this.#senders.set(id, { name: undefined, interest: new HeardInterest(), sequence, heardMs: nowMs });
      return before > 0 && nowMs - this.#beganMs >= SILENCE_MS;
    }
    sender.heardMs = nowMs;
    const isMissing = before > sender.sequence;
    if (isMissing) sender.interest.forget();
    // What comes twice or late takes nothing back.
    sender.sequence = Math.max(sender.sequence, sequence);
    return isMissing;
  }

  #room(): number {
    let kept = 0;
    for (const { interest } of this.#senders.values()) kept += interest.size;
    return this.#maxKeys - kept;
  }
}
