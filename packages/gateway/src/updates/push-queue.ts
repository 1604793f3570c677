import type { BoxEvent, BoxHint, BoxReach, UserHint } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import type { BoxStep, LiveSession } from '../live-session.ts';
import { SmallMap } from '../small-map.ts';
import { BoxQueue, type BoxQueueDeps, isOrigin } from './box-queue.ts';
import { DeviceFeed } from './device-feed.ts';
import { encodePush } from './encode-push.ts';
import { deleteNothing, fillHoles } from './fill-holes.ts';
import { CATCH_UP_MAX, EARLY_HINTS_MAX, partsOf } from './push-limits.ts';
import { advance, placeOf } from './reach.ts';
import { SessionSequencer } from './session-sequencer.ts';
import type { EventSlice, QueueSource } from './update-source.ts';

const TOO_LONG: tl.updatesTooLong = { _: 'updatesTooLong' };
const NOWHERE: BoxReach = { pts: 1, looseSeq: 0, loosePts: 1 };

export interface PushQueueDeps extends BoxQueueDeps {
  /** Reads the message box whose events are pushed. */
  source: QueueSource;
  /** Called with events as they become known, before they are pushed. */
  onEvents(events: readonly BoxEvent[]): void;
}

interface Receiver {
  session: LiveSession;
  /** What only the device of the session may see. */
  device: DeviceFeed;
  /** Undefined while the counters are being read. */
  sequencer: SessionSequencer | undefined;
  /** Hints that arrived meanwhile; undefined afterwards. */
  early: BoxHint[] | undefined;
  /** What was really handed to the session. It lags behind the sequencer while projections run. */
  pushed: BoxReach;
  /** Increased when a projection fails, which cancels the deliveries planned before. */
  generation: number;
}

type PresentReceiver = Receiver & { sequencer: SessionSequencer };

type BodyOf = (layer: number) => Uint8Array;

interface Target {
  receiver: Receiver;
  generation: number;
}

/** The push queue of a user: all sessions in this process that receive the events of the user's box, and the order in which they are pushed to. */
export class PushQueue extends BoxQueue<PresentReceiver> {
  readonly #deps: PushQueueDeps;
  readonly #receivers = new SmallMap<LiveSession, Receiver>();
  /** Deliveries run one after the other, because a projection may have to read from the database. */
  #tail: Promise<void> = Promise.resolve();
  #queued = 0;

  constructor(owner: bigint, deps: PushQueueDeps) {
    super(owner, deps);
    this.#deps = deps;
  }

  get size(): number {
    return this.#receivers.size;
  }

  /** The sessions that were added. */
  get sessions(): LiveSession[] {
    return this.#receivers.values().map(({ session }) => session);
  }

  /** What the devices of the sessions were told of their logs, for a repair. */
  get devices(): { authKeyId: bigint; feed: DeviceFeed }[] {
    return this.#receivers.values().map(({ session, device }) => ({ authKeyId: session.authKeyId, feed: device }));
  }

  /** Adds a session. Hints are already arriving; the counters are read now (subscribe, read, answer). */
  async attach(session: LiveSession): Promise<void> {
    if (this.#receivers.has(session)) return;
    const receiver: Receiver = { session, device: new DeviceFeed(session, this.#deps), sequencer: undefined, early: [], pushed: NOWHERE, generation: 0 };
    this.#receivers.set(session, receiver);
    try {
      const position = await this.#deps.source.readPosition(session.authKeyId);
      receiver.sequencer = new SessionSequencer(position, this.#deps.clock);
      receiver.device.begin(position.deviceSeq);
    } catch (error) {
      // Without a position the session would wait for ever; the caller adds it again.
      if (this.#receivers.get(session) === receiver) this.#receivers.delete(session);
      throw error;
    }
    this.#deps.onUnsettled(this.owner);
    receiver.pushed = receiver.sequencer.reach;
    this.#deps.pushLog()?.attached(this.owner, session, receiver.pushed.pts);
    const early = receiver.early ?? [];
    receiver.early = undefined;
    for (const hint of early) this.#offer(receiver, hint);
  }

  detach(session: LiveSession): void {
    this.#receivers.get(session)?.device.close();
    if (this.#receivers.delete(session)) this.#deps.pushLog()?.detached(this.owner, session);
  }

  /** Handles a hint from the bus. */
  accept(hint: UserHint): void {
    if (hint.kind === 'transient') {
      const told = this.#receivers.values().filter(({ session }) => hint.exceptKeyIds?.includes(session.authKeyId) !== true);
      if (told.length > 0) this.#plan(told, () => this.#deps.source.projectTransient(hint.update), []);
      return;
    }
    if (hint.kind === 'device') {
      for (const { session, device } of this.#receivers.values()) if (session.authKeyId === hint.authKeyId) device.accept(hint);
      return;
    }
    this.#deps.pushLog()?.heard(hint);
    this.#deps.pushTraces?.heard(hint);
    this.#deps.onEvents(hint.events);
    this.see(hint.pts, 0);
    const all = this.#receivers.values();
    if (all.length === 1) return this.#offer(all[0]!, hint);
    const takers = new Map<string, { events: BoxEvent[]; receivers: Receiver[] }>();
    for (const receiver of all) {
      const events = this.#decide(receiver, hint);
      if (events.length === 0) continue;
      // Sessions that get the same events share one projection.
      const place = events.map(placeOf).join();
      const group = takers.get(place) ?? { events, receivers: [] };
      takers.set(place, group);
      group.receivers.push(receiver);
    }
    for (const { events, receivers } of takers.values()) this.#deliver(receivers, events);
  }

  /** Tells one session something that is stored nowhere. */
  tell(session: LiveSession, update: tl.Update): void {
    const receiver = this.#receivers.get(session);
    if (receiver !== undefined) this.#plan([receiver], () => this.#deps.source.projectTransient(update), []);
  }

  /** See `UpdatePusher.answered`. */
  answered(session: LiveSession, step: BoxStep): Promise<void> | undefined {
    const receiver = this.#receivers.get(session);
    if (receiver?.sequencer === undefined) return undefined;
    if (step.deviceSeq !== undefined) receiver.device.answered(step.deviceSeq);
    const from = step.pts - step.ptsCount;
    const next = receiver.sequencer.answered(from, step.pts, step.looseSeq);
    if (next === 'hole') return this.#answerAfterHole(receiver, step);
    const wait = this.#barrier();
    if (next === 'behind') {
      // Catching up reads from the database first, so the answer, which needs no read, is sent before what the read finds.
      receiver.pushed = receiver.sequencer.reach;
      void this.catchUp();
      return wait;
    }
    this.#noteAnswered(receiver, Math.min(step.pts, receiver.sequencer.sent));
    if (next.length > 0) this.#deliver([receiver], next, wait === undefined);
    return wait;
  }

  /** Records what a session gets by an answer, when everything before the answer has been pushed: if that fails, all of it is pushed again. */
  #noteAnswered(receiver: Receiver, pts: number): void {
    const { generation } = receiver;
    const note = (): void => {
      if (receiver.generation === generation && pts > receiver.pushed.pts) receiver.pushed = { ...receiver.pushed, pts };
    };
    if (this.#queued === 0) note();
    else this.#enqueue(async () => note());
  }

  async #answerAfterHole(receiver: Receiver, step: BoxStep): Promise<void> {
    this.see(step.pts - step.ptsCount, 0);
    await this.foundHole();
    const next = receiver.sequencer?.answered(step.pts - step.ptsCount, step.pts);
    const wait = this.#barrier();
    if (Array.isArray(next) && next.length > 0) this.#deliver([receiver], next, wait === undefined);
    await wait;
  }

  /**
   * Resolves when this place in the delivery queue is reached. Later deliveries wait one more turn of the event loop, so that the answer of
   * the waiting call is queued first.
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
      if (receiver.early && receiver.early.length < EARLY_HINTS_MAX) receiver.early.push(hint);
      return [];
    }
    const isOwn = isOrigin(session, hint);
    const offer = sequencer.offer(hint, isOwn);
    this.#deps.pushLog()?.offered(session, hint, offer, { sent: sequencer.sent, isOwn });
    if (offer === 'hole' || sequencer.lacksLoose) void this.foundHole();
    return typeof offer === 'string' ? [] : offer;
  }

  #offer(receiver: Receiver, hint: BoxHint): void {
    const events = this.#decide(receiver, hint);
    if (events.length > 0) this.#deliver([receiver], events);
  }

  protected places(): PresentReceiver[] {
    return this.#receivers.values().filter((receiver): receiver is PresentReceiver => receiver.sequencer !== undefined);
  }

  protected async readSince(from: BoxReach): Promise<EventSlice> {
    const slice = await this.#deps.source.listEventsSince(from, CATCH_UP_MAX);
    this.#deps.onEvents(slice.events);
    this.see(0, slice.looseSeq);
    return slice;
  }

  protected pushed(): Promise<unknown> {
    return this.#tail;
  }

  override async idle(): Promise<void> {
    await super.idle();
    await Promise.all(this.#receivers.values().map(({ device }) => device.idle()));
  }

  protected applySlice(receiver: PresentReceiver, slice: EventSlice): void {
    const { sequencer } = receiver;
    if (!slice.more) {
      const { sent } = sequencer;
      const news = fillHoles(sequencer.catchUp(slice.events, slice), sent, slice.pts, deleteNothing);
      if (news.length > 0) this.#deliver([receiver], news);
      return;
    }
    sequencer.catchUp([], this.seen);
    this.#deps.pushLog()?.toldToFetch(this.owner, receiver.session);
    const { reach } = sequencer;
    this.#plan([receiver], () => TOO_LONG, [], reach);
  }

  #deliver(receivers: Receiver[], events: BoxEvent[], later = false): void {
    if (later) this.#enqueue(() => new Promise((turn) => setImmediate(turn)));
    for (const part of partsOf(events)) this.#plan(receivers, () => this.#deps.source.projectEvents(part), part);
  }

  /**
   * Plans one push: projects once, encodes once per layer, and hands the result to each session. The push happens at once if no delivery is
   * queued and the projection needs no read, which is the case for nearly every message; otherwise it is queued.
   */
  #plan(receivers: Receiver[], project: () => tl.Updates | Promise<tl.Updates>, events: readonly BoxEvent[], reach?: BoxReach): void {
    const targets = receivers.map((receiver): Target => ({ receiver, generation: receiver.generation }));
    let projected: Promise<tl.Updates> | undefined;
    if (this.#queued === 0) {
      try {
        const updates = project();
        if (!(updates instanceof Promise)) return this.#push(targets, updates, events, reach);
        projected = updates;
        // The queued delivery awaits it and handles the error.
        projected.catch(() => {});
      } catch (error) {
        return this.#stepBack(targets, error);
      }
    }
    this.#enqueue(async () => {
      const live = targets.filter(({ receiver, generation }) => this.#isLive(receiver, generation));
      if (live.length === 0) return;
      try {
        this.#push(live, await (projected ?? project()), events, reach);
      } catch (error) {
        this.#stepBack(live, error);
      }
    });
  }

  #stepBack(targets: readonly Target[], error: unknown): void {
    this.projectionFailed(error);
    for (const { receiver } of targets) {
      receiver.generation++;
      receiver.sequencer?.rewind(receiver.pushed);
    }
  }

  #push(targets: readonly Target[], updates: tl.Updates, events: readonly BoxEvent[], reach?: BoxReach): void {
    const bodies = new Map<number, Uint8Array>();
    const bodyOf = (layer: number): Uint8Array => {
      let body = bodies.get(layer);
      if (body === undefined) bodies.set(layer, (body = encodePush(this.#deps, layer, updates)));
      return body;
    };
    for (const target of targets) this.#hand(target, bodyOf, events, reach);
  }

  /** Hands a push to one session. */
  #hand({ receiver, generation }: Target, bodyOf: BodyOf, events: readonly BoxEvent[], reach?: BoxReach): void {
    // The session may have gone while the projection ran.
    if (!this.#isLive(receiver, generation)) return;
    const { session } = receiver;
    const body = bodyOf(session.layer);
    const outcome = session.push(body);
    this.#deps.onPush(outcome, events);
    this.#deps.pushLog()?.handed(this.owner, session, outcome, { events, bytes: body.length });
    this.#deps.pushTraces?.handed(events, { outcome, layer: session.layer, bytes: body.length, connected: session.connected });
    receiver.pushed = reach ?? advance(receiver.pushed, events);
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
