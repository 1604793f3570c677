import type { BoxEvent, BoxHint, UserHint } from '@aerogram/domain';
import type { Clock, Logger } from '@aerogram/runtime';
import { codecFor } from '@aerogram/tl-compat';
import type { tl } from '@aerogram/tl';

import type { BoxStep, LiveSession } from '../live-session.ts';
import { fillHoles } from './fill-holes.ts';
import { SessionSequencer } from './session-sequencer.ts';
import type { UpdateSource } from './update-source.ts';

/** A session that lags by more events is told to fetch the difference by itself. */
const CATCH_UP_MAX = 1000;
/** How long later pushes wait for an answer that should go before them. */
const ANSWER_PATIENCE_MS = 1900;
/** Hints kept while the counter is read on attach. */
const EARLY_HINTS_MAX = 256;
/** Events of one push; a longer delivery is cut. */
const PUSH_EVENTS_MAX = 100;

const TOO_LONG: tl.updatesTooLong = { _: 'updatesTooLong' };

export interface FeedDeps {
  source: UpdateSource;
  clock: Clock;
  log: Logger;
  /** Called for each body handed to a session. */
  onPush(outcome: 'queued' | 'dropped'): void;
  onHole(): void;
}

interface Receiver {
  session: LiveSession;
  /** Undefined while the counter is being read. */
  sequencer: SessionSequencer | undefined;
  early: BoxHint[];
  /** What was really handed to the session; behind the sequencer while projections run. */
  pushedPts: number;
  /** Grows when a projection fails: deliveries planned before are void. */
  generation: number;
}

interface Target {
  receiver: Receiver;
  generation: number;
}

/** All receiving sessions of one owner in this process, and the order in which they are pushed to. */
export class OwnerFeed {
  readonly owner: bigint;
  readonly #deps: FeedDeps;
  readonly #receivers = new Map<LiveSession, Receiver>();
  /** Deliveries run one after the other, because projecting may have to read. */
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;
  #catchingUp: Promise<void> | undefined;
  /** Highest counter that a hint or a repair has shown. */
  #seenPts = 0;

  constructor(owner: bigint, deps: FeedDeps) {
    this.owner = owner;
    this.#deps = deps;
  }

  get size(): number {
    return this.#receivers.size;
  }

  /** Adds a session; hints already come, the counter is read now (subscribe, read, answer). */
  async attach(session: LiveSession): Promise<void> {
    if (this.#receivers.has(session)) return;
    const receiver: Receiver = { session, sequencer: undefined, early: [], pushedPts: 0, generation: 0 };
    this.#receivers.set(session, receiver);
    const pts = (await this.#deps.source.readPts([this.owner])).get(this.owner) ?? 1;
    receiver.sequencer = new SessionSequencer(pts);
    receiver.pushedPts = pts;
    for (const hint of receiver.early) this.#offer(receiver, hint);
    receiver.early = [];
  }

  detach(session: LiveSession): void {
    this.#receivers.delete(session);
  }

  /** Takes a hint from the bus. */
  accept(hint: UserHint): void {
    if (hint.kind === 'transient') {
      this.#plan([...this.#receivers.values()], () => this.#deps.source.projectTransient(this.owner, hint.update), 0);
      return;
    }
    if (hint.pts > this.#seenPts) this.#seenPts = hint.pts;
    const takers = new Map<string, { events: BoxEvent[]; receivers: Receiver[] }>();
    for (const receiver of this.#receivers.values()) {
      const events = this.#decide(receiver, hint);
      if (events.length === 0) continue;
      // Sessions that stand at the same place share one projection.
      const place = `${events.length}:${events[0]!.pts}`;
      const group = takers.get(place) ?? { events, receivers: [] };
      takers.set(place, group);
      group.receivers.push(receiver);
    }
    for (const { events, receivers } of takers.values()) this.#deliver(receivers, events);
  }

  /** See `UpdatePusher.answered`. */
  answered(session: LiveSession, step: BoxStep): Promise<void> | undefined {
    const receiver = this.#receivers.get(session);
    if (receiver?.sequencer === undefined) return undefined;
    const from = step.pts - step.ptsCount;
    const next = receiver.sequencer.answered(from, step.pts);
    if (next === 'hole') return this.#answerAfterHole(receiver, step);
    const wait = this.#barrier();
    if (next === 'behind') {
      // It reads first, so the answer, which needs no read, goes before what it finds.
      receiver.pushedPts = step.pts;
      void this.#catchUp();
      return wait;
    }
    receiver.pushedPts = Math.max(receiver.pushedPts, Math.min(step.pts, receiver.sequencer.sent));
    if (next.length > 0) this.#deliver([receiver], next, wait === undefined);
    return wait;
  }

  /** Repairs what lags behind the counter. @returns undefined when nothing does */
  repair(pts: number): Promise<void> | undefined {
    if (pts > this.#seenPts) this.#seenPts = pts;
    const nowMs = this.#deps.clock.monotonicMs();
    for (const { sequencer } of this.#receivers.values()) {
      if (sequencer?.lags(pts, nowMs, ANSWER_PATIENCE_MS) === true) return this.#catchUp();
    }
    return undefined;
  }

  /** Resolves when everything planned so far has been pushed. */
  idle(): Promise<void> {
    return this.#catchingUp ?? this.#tail;
  }

  async #answerAfterHole(receiver: Receiver, step: BoxStep): Promise<void> {
    this.#deps.onHole();
    if (step.pts - step.ptsCount > this.#seenPts) this.#seenPts = step.pts - step.ptsCount;
    await this.#catchUp();
    const next = receiver.sequencer?.answered(step.pts - step.ptsCount, step.pts);
    const wait = this.#barrier();
    if (Array.isArray(next) && next.length > 0) this.#deliver([receiver], next, wait === undefined);
    await wait;
  }

  /**
   * A place in the queue of deliveries. What is delivered later waits one turn of the event loop more, so that the
   * answer of whoever waits here is queued first.
   */
  #barrier(): Promise<void> | undefined {
    if (this.#queued === 0) return undefined;
    return new Promise((resolve) => {
      this.#enqueue(async () => {
        resolve();
        await new Promise((turn) => setImmediate(turn));
      });
    });
  }

  #decide(receiver: Receiver, hint: BoxHint): BoxEvent[] {
    const { sequencer, session } = receiver;
    if (sequencer === undefined) {
      if (receiver.early.length < EARLY_HINTS_MAX) receiver.early.push(hint);
      return [];
    }
    const own = hint.origin?.sessionId === session.sessionId && hint.origin.authKeyId === session.authKeyId;
    const offer = sequencer.offer(hint, own, this.#deps.clock.monotonicMs());
    if (offer === 'nothing') return [];
    if (offer !== 'hole') return offer;
    this.#deps.onHole();
    void this.#catchUp();
    return [];
  }

  #offer(receiver: Receiver, hint: BoxHint): void {
    const events = this.#decide(receiver, hint);
    if (events.length > 0) this.#deliver([receiver], events);
  }

  /** One difference read an owner at a time; what comes to light meanwhile makes it read again. Never rejects. */
  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readDifferences().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #readDifferences(): Promise<void> {
    try {
      for (let reads = 0; reads < 3; reads++) {
        const behind = [...this.#receivers.values()].filter((receiver) => receiver.sequencer !== undefined);
        if (behind.length === 0) return;
        const after = Math.min(...behind.map((receiver) => receiver.sequencer!.sent));
        const slice = await this.#deps.source.listEvents(this.owner, after, CATCH_UP_MAX);
        for (const receiver of behind) this.#applySlice(receiver, slice.events, slice.pts, slice.more);
        await this.#tail;
        if (slice.pts >= this.#seenPts) return;
      }
    } catch (error) {
      this.#deps.log.warn({ err: error, owner: this.owner.toString() }, 'catching up failed; the next repair tries again');
    }
  }

  #applySlice(receiver: Receiver, events: readonly BoxEvent[], pts: number, more: boolean): void {
    const { sent } = receiver.sequencer!;
    const news = fillHoles(receiver.sequencer!.catchUp(events, pts), sent, pts);
    if (!more) {
      if (news.length > 0) this.#deliver([receiver], news);
      return;
    }
    receiver.sequencer!.catchUp([], this.#seenPts);
    this.#plan([receiver], () => Promise.resolve(TOO_LONG), this.#seenPts);
  }

  #deliver(receivers: Receiver[], events: BoxEvent[], later = false): void {
    if (later) this.#enqueue(() => new Promise((turn) => setImmediate(turn)));
    for (let at = 0; at < events.length; at += PUSH_EVENTS_MAX) {
      const part = events.slice(at, at + PUSH_EVENTS_MAX);
      this.#plan(receivers, () => this.#deps.source.projectEvents(this.owner, part), part.at(-1)!.pts);
    }
  }

  /** Queues one push: projects once, encodes once a layer, hands it to each session. */
  #plan(receivers: Receiver[], project: () => Promise<tl.Updates>, pts: number): void {
    const targets = receivers.map((receiver): Target => ({ receiver, generation: receiver.generation }));
    this.#enqueue(async () => {
      const live = targets.filter(({ receiver, generation }) => this.#isLive(receiver, generation));
      if (live.length === 0) return;
      try {
        this.#push(live, await project(), pts);
      } catch (error) {
        this.#deps.log.warn({ err: error, owner: this.owner.toString() }, 'projecting failed; the next repair tries again');
        for (const { receiver } of live) {
          receiver.generation++;
          receiver.sequencer?.rewind(receiver.pushedPts);
        }
      }
    });
  }

  #push(targets: readonly Target[], updates: tl.Updates, pts: number): void {
    const bodies = new Map<number, Uint8Array>();
    for (const { receiver, generation } of targets) {
      // Projecting took time: the session may have gone.
      if (!this.#isLive(receiver, generation)) continue;
      const { layer } = receiver.session;
      let body = bodies.get(layer);
      if (body === undefined) bodies.set(layer, (body = this.#encode(layer, updates)));
      this.#deps.onPush(receiver.session.push(body));
      if (pts > receiver.pushedPts) receiver.pushedPts = pts;
    }
  }

  /** What an old layer cannot say at all would be tried again for ever: its clients fetch the difference instead. */
  #encode(layer: number, updates: tl.Updates): Uint8Array {
    const codec = codecFor(layer);
    try {
      return codec.encode(updates);
    } catch (error) {
      this.#deps.log.error({ err: error, layer, kind: updates._ }, 'an update cannot be encoded for a layer');
      return codec.encode(TOO_LONG);
    }
  }

  #isLive(receiver: Receiver, generation: number): boolean {
    return receiver.generation === generation && this.#receivers.get(receiver.session) === receiver;
  }

  #enqueue(run: () => Promise<void>): void {
    this.#queued++;
    this.#tail = this.#tail.then(run).finally(() => {
      this.#queued--;
    });
  }
}
