import { HomeAway, type OtherHomes, UnknownKind } from '@aerogram/cluster';
import { RpcError } from '@aerogram/errors';
import { type Clock, defineCounter, type Logger, type Metrics } from '@aerogram/runtime';
import { type Database, type FramePlace, isPassingFault, isWaitLimit, lockAppliedSeq, noteAppliedLast, readLostTime, type Tx } from '@aerogram/storage';
import { z } from 'zod';

import { type Effect, type EffectKind, MAX_FRAME_BYTES, unpackPlain } from './effect.ts';
import type { FrameSeals } from './frame-seals.ts';

/** What a home does with effects of one kind. */
export interface EffectHandler<E extends Effect> {
  readonly kind: EffectKind<E>;
  /** How many effects of consecutive frames may be applied together; 1 if each needs what the one before has written. */
  readonly atOnce: number;
  /** Reads, before the transaction, what {@link EffectHandler.apply} needs from caches or other homes. */
  prepare?(effects: readonly E[]): Promise<void>;
  /**
   * Applies effects in their order. It touches only what an effect may touch, and leaves out what is not allowed: the other home is not told.
   * @param tx in which no box is open yet
   * @param dc the home that sent them; `from` of each lives there and `to`, if it is given, here
   * @param epoch of the stream in which they came
   */
  apply(tx: Tx, dc: number, effects: readonly E[], epoch: bigint): Promise<void>;
  /**
   * Applies effects that this home had sent and lost, with the rows of those who acted, when another home returns them: `from` lives here and `to` at `dc`.
   * For each kind it is decided whether they are applied again; a kind that says `'stays lost'` says in a comment why nobody misses them.
   */
  readonly restore: 'stays lost' | ((tx: Tx, dc: number, effects: readonly E[]) => Promise<void>);
}

interface Needs {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  homes: Pick<OtherHomes, 'dcOf'>;
  /** Absent: nothing that is returned is believed. */
  frameSeals?: Pick<FrameSeals, 'dateOf'> | undefined;
}

const leftOut = defineCounter({ name: 'aerogram_effects_left_out_total', help: 'Effects of another data centre that were left out, because they could not be read or failed by themselves; the log has the first of them.', labels: ['dc'] });

/** Frames are not written in the order of their dates exactly. */
const LATE_S = 60;

const anyKind = z.object({ kind: z.string().max(64) });

/** What a kind is called, also one that a newer program has. */
const KIND = /^[a-z][a-z0-9_-]*$/;

/** A frame came before one that it follows: the link goes on after the last one that was applied. */
export class FrameGap extends Error {
  override readonly name = 'FrameGap';

  constructor({ dc, seq }: FramePlace, applied: bigint) {
    super(`frame ${seq} of data centre ${dc} came after frame ${applied}`);
  }
}

/** Errors that pass: the frames are tried again later. All others are about the frame. */
function isPassing(error: unknown): boolean {
  // A kind will be known to a newer program. Another home is away that is asked for what a frame needs.
  if (error instanceof UnknownKind || error instanceof HomeAway || (error instanceof RpcError && error.code === 500)) return true;
  return error instanceof FrameGap || isPassingFault(error);
}

/** Errors of a run of frames that one of them alone may cause, or that come of doing many at once. The frames are then applied one by one. */
const mayBeOfOne = (error: unknown): boolean => error instanceof RpcError || isWaitLimit(error);

/** Applies the frames of other homes: each once, in the order of its stream. */
export class FrameApplier {
  readonly #needs: Needs;
  // The handlers of all kinds; each gets only effects that its own schema has read.
  readonly #handlers = new Map<string, EffectHandler<never>>();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Sets who applies the effects of a kind. */
  register<E extends Effect>(handler: EffectHandler<E>): void {
    this.#handlers.set(handler.kind.kind, handler as unknown as EffectHandler<never>);
  }

  /**
   * Applies frames that follow each other, and notes in the same transactions that it has. Those that were applied before are left out. A frame that cannot be
   * read, or is not allowed, is logged and left out; one of a kind that is not known is not, because a newer program may know it.
   * @param first the place of the first of them
   * @throws FrameGap; UnknownKind; and what passes: the database does not answer, or another home that is needed. Frames before it may be applied
   */
  async applyFrames(first: FramePlace, frames: readonly Uint8Array[]): Promise<void> {
    await this.#applyRuns(first, frames, (run) => {
      for (const { unknown } of run.entries) if (unknown !== undefined) throw new UnknownKind(unknown);
      return this.#applyRun(run);
    });
  }

  /**
   * Applies frames that this home had sent to another one and lost, as that one returns them. May be repeated. What does not carry this home's seal (the code that it adds to each frame, over its number, epoch and date), or carries one from before its backup or after its last restore, is left out: otherwise another home could bring back what was deleted long ago.
   * @param first the place of the first of them; `dc` is the home that returns them
   * @returns the number of the last one that this home has sealed; undefined if it has sealed none
   * @throws as {@link FrameApplier.applyFrames}
   */
  async restoreFrames(first: FramePlace, frames: readonly Uint8Array[]): Promise<bigint | undefined> {
    const { homes, frameSeals, log } = this.#needs;
    const lost = await readLostTime(this.#needs.db, first);
    const isBelieved = (date: ReturnType<FrameSeals['dateOf']>): boolean => {
      if (date === undefined || lost === undefined) return false;
      return date === 'undated' || (date >= lost.from - LATE_S && date <= lost.until);
    };
    const sealed = new Set(frames.filter((frame) => isBelieved(frameSeals?.dateOf(first.dc, frame))));
    const last = frames.findLastIndex((frame) => sealed.has(frame));
    if (last < 0) {
      log.warn({ dc: first.dc, seq: first.seq }, 'another data centre has returned what this one has not sealed in the time that it has lost');
      return undefined;
    }
    await this.#applyRuns(first, frames, async ({ dc, seq, handler, entries }) => {
      const own = entries.filter(({ frame }) => sealed.has(frame));
      // A newer program has written it here.
      for (const { unknown } of own) if (unknown !== undefined) throw new UnknownKind(unknown);
      if (handler === undefined) return;
      const { restore } = handler;
      if (restore === 'stays lost') return;
      if (own.length < entries.length) log.warn({ dc, seq }, 'another data centre has returned what has no seal of this one');
      const effects = effectsOf(own).filter(({ from, to }) => homes.dcOf(from) === undefined && to !== undefined && homes.dcOf(to) === dc);
      if (effects.length === 0) return;
      await handler.prepare?.(effects as never[]);
      await this.#needs.db.transact('restore-effects', (tx) => restore(tx, dc, effects as never[]));
    });
    return first.seq + BigInt(last);
  }

  async #applyRuns(first: FramePlace, frames: readonly Uint8Array[], apply: (run: Run) => Promise<void>): Promise<void> {
    const read = frames.map((frame) => this.#read(frame));
    const unreadable = read.filter(({ error }) => error !== undefined);
    // Once for all of them: another home could fill the log.
    if (unreadable.length > 0) {
      this.#needs.log.error({ err: unreadable[0]!.error, dc: first.dc, frames: unreadable.length }, 'frames of another data centre cannot be read');
      this.#needs.metrics.counter(leftOut).inc({ dc: first.dc }, unreadable.length);
    }
    const runOf = (from: number, to: number): Run => ({ ...first, seq: first.seq + BigInt(from), handler: read[from]!.handler, entries: read.slice(from, to) });
    for (let at = 0; at < read.length; ) {
      const { handler } = read[at]!;
      let until = at + 1;
      while (until < read.length && until - at < (handler?.atOnce ?? 1) && read[until]!.handler === handler) until++;
      await this.#tryRun(runOf, at, until, apply);
      at = until;
    }
  }

  /** Applies a run; if it fails, each of its frames alone; and leaves out one that fails alone. */
  async #tryRun(run: (from: number, to: number) => Run, from: number, to: number, apply: (run: Run) => Promise<void>): Promise<void> {
    try {
      await apply(run(from, to));
    } catch (error) {
      if (isPassing(error) && (to - from === 1 || !mayBeOfOne(error))) throw error;
      if (to - from > 1) {
        for (let at = from; at < to; at++) await this.#tryRun(run, at, at + 1, apply);
        return;
      }
      const failed = run(from, to);
      this.#needs.log.error({ err: error, dc: failed.dc, seq: failed.seq }, 'an effect of another data centre was left out');
      this.#needs.metrics.counter(leftOut).inc({ dc: failed.dc });
      await apply({ ...failed, handler: undefined });
    }
  }

  async #applyRun({ dc, epoch, seq, handler, entries }: Run): Promise<void> {
    const { db, clock, homes } = this.#needs;
    const isAllowed = ({ from, to }: Effect): boolean => homes.dcOf(from) === dc && (to === undefined || homes.dcOf(to) === undefined);
    const effects = effectsOf(entries);
    const allowed = effects.filter(isAllowed);
    if (allowed.length < effects.length) this.#needs.log.warn({ dc, seq }, 'an effect of another data centre was about people who do not live there');
    await handler?.prepare?.(allowed as never[]);
    await db.transact('apply-effects', async (tx) => {
      const applied = await lockAppliedSeq(tx, { dc, epoch });
      if (applied + 1n < seq) throw new FrameGap({ dc, epoch, seq }, applied);
      // An acknowledgement was lost, so some come again.
      const fresh = entries.slice(Number(applied + 1n - seq));
      if (fresh.length === 0) return;
      const wanted = effectsOf(fresh).filter(isAllowed);
      if (handler !== undefined && wanted.length > 0) await handler.apply(tx, dc, wanted as never[], epoch);
      noteAppliedLast(tx, { dc, epoch, seq: applied + 1n }, fresh.map(({ frame }) => frame), clock.now());
    });
  }

  #read(frame: Uint8Array): Entry {
    try {
      if (frame.length > MAX_FRAME_BYTES) throw new Error(`a frame has ${frame.length} bytes`);
      const { kind } = unpackPlain(anyKind, frame);
      const handler = this.#handlers.get(kind);
      if (handler === undefined && KIND.test(kind)) return { frame, handler, effect: undefined, unknown: kind };
      if (handler === undefined) throw new Error('a frame of no kind');
      return { frame, handler, effect: unpackPlain<Effect>(handler.kind.schema, frame) };
    } catch (error) {
      return { frame, handler: undefined, effect: undefined, error };
    }
  }
}

/** A frame, as it was read. */
interface Entry {
  frame: Uint8Array;
  /** Undefined, like `effect`, if it could not be read. */
  handler: EffectHandler<never> | undefined;
  effect: Effect | undefined;
  /** Why it could not be read. */
  error?: unknown;
  /** The name of its kind, if this program does not know that kind. */
  unknown?: string;
}

/** Frames of one kind that follow each other. */
interface Run extends FramePlace {
  /** Undefined if the frames are only noted. */
  handler: EffectHandler<never> | undefined;
  entries: readonly Entry[];
}

const effectsOf = (entries: readonly Entry[]): Effect[] => entries.flatMap(({ effect }) => effect ?? []);
