import type { BoxEvent, BoxHint, BoxPosition, BoxReach, TransientHint, UserHint } from '@aerogram/domain';

import type { BoxStep, LiveSession } from '../live-session.ts';
import { SmallMap } from '../small-map.ts';
import { BoxQueue, type BoxQueueDeps, isOrigin } from './box-queue.ts';
import { Crowd, type Follower, type Push, type Run } from './crowd.ts';
import { encodePush } from './encode-push.ts';
import { fillHoles } from './fill-holes.ts';
import { Lane } from './lane.ts';
import { CATCH_UP_MAX, partsOf } from './push-limits.ts';
import { advance } from './reach.ts';
import { SessionSequencer } from './session-sequencer.ts';
import { pushShared } from './shared-push.ts';
import type { ChannelQueueSource, EventSlice } from './update-source.ts';

/** The dependencies of {@link ChannelFeed}. */
export interface ChannelFeedDeps extends BoxQueueDeps {
  /** Reads the event sequence of the channel. */
  source: ChannelQueueSource;
  /** See `Pushing.onClasses`. */
  onClasses(count: number): void;
}

/** One position of the feed. */
interface FeedPlace {
  sequencer: SessionSequencer;
  /** Undefined for the crowd. */
  lane: Lane | undefined;
}

/**
 * The events of one channel for all sessions in this process that follow it. Nearly all sessions share one position and are pushed to together (the crowd).
 * Only those that have just attached, wait for their own answer or lag have an entry of their own (a lane); they join the crowd when they have caught up.
 *
 * Invariant: every session of the crowd has got, or is in the range of a push under way for, everything up to the position of the crowd.
 */
export class ChannelFeed extends BoxQueue<FeedPlace> {
  readonly #deps: ChannelFeedDeps;
  readonly #crowd = new Crowd();
  /** The position of the crowd; undefined before somebody joined it. */
  #shared: SessionSequencer | undefined;
  /** Pushes to the crowd run one after the other. */
  #tail: Promise<void> = Promise.resolve();
  readonly #lanes = new SmallMap<Follower, Lane>();
  /** How many callers are reading the position. */
  #held = 0;

  constructor(owner: bigint, deps: ChannelFeedDeps) {
    super(owner, deps);
    this.#deps = deps;
  }

  /** The number of sessions that were added, and of callers that hold the feed. */
  get size(): number {
    return this.#crowd.size + this.#lanes.size + this.#held;
  }

  /** Whether a session was added. */
  has(follower: Follower): boolean {
    return this.#lanes.has(follower) || this.#crowd.has(follower);
  }

  /** Keeps the feed open while a caller reads the channel's position for a new session, so that no hint is missed. {@link ChannelFeed.release} must follow. */
  hold(): void {
    this.#held++;
  }

  release(): void {
    this.#held--;
  }

  /** The pts up to which the sessions that are here have got everything; undefined if there are none. The channel may be further. */
  get position(): number | undefined {
    return this.#crowd.size === 0 ? undefined : this.#shared!.sent;
  }

  /**
   * Adds a session that is not in the feed yet.
   * @param from the pts after which the session gets all events
   * @param pts the present pts of the channel: {@link ChannelFeed.position}, or the pts read from the database after {@link ChannelFeed.hold}
   */
  attach(follower: Follower, from: number, pts: number): void {
    this.see(pts, 0);
    this.#deps.pushLog()?.attached(this.owner, follower.session, from);
    // The usual case. Even lanes that end soon would cost much memory if thousands of sessions were added at once, so the session goes straight to the crowd.
    if (this.position === from) return this.#crowd.add(follower);
    this.#deps.onUnsettled(this.owner);
    if (this.#crowd.size === 0) {
      this.#shared = this.#sequencerAt(from);
      this.#crowd.add(follower);
    } else {
      this.#openLane(follower, from);
    }
    // The channel is already further: hints came after the position was read, or `from` is where the user joined some time ago.
    if (from < this.seen.pts) void this.catchUp();
  }

  detach(follower: Follower): void {
    if (this.#lanes.delete(follower) || this.#crowd.remove(follower)) this.#deps.pushLog()?.detached(this.owner, follower.session);
  }

  /** Handles a hint from the bus. */
  accept(hint: UserHint): void {
    if (hint.kind === 'transient') return this.#show(hint);
    if (hint.kind !== 'box') return;
    this.#deps.pushLog()?.heard(hint);
    this.#deps.pushTraces?.heard(hint);
    this.see(hint.pts, 0);
    const origin = hint.origin && this.#crowd.findOrigin(hint.origin);
    if (origin !== undefined) this.#split(origin, this.#crowd.missing(origin) ?? []);
    for (const lane of this.#lanes.values()) this.#offer(lane, hint);
    if (this.#crowd.size > 0) {
      const offer = this.#shared!.offer(hint, false);
      this.#deps.pushLog()?.offered(undefined, hint, offer, { sent: this.#shared!.sent, isOwn: false });
      if (offer === 'hole') void this.foundHole();
      else if (offer !== 'nothing') this.#deliverToCrowd(offer);
    }
    this.#settleAll();
  }

  /** See `UpdatePusher.answered`. */
  answered(follower: Follower, step: BoxStep): Promise<void> | undefined {
    const known = this.#lanes.get(follower);
    const lane = known ?? this.#laneForAnswer(follower, step);
    if (lane === undefined) return undefined;
    // The session has what the answer brings, and only waits for what is on its way.
    if (known === undefined && lane.sequencer.sent >= step.pts && !isRewinding(lane.sequencer, step)) return lane.barrier();
    const next = lane.sequencer.answered(step.pts - step.ptsCount, step.pts, step.looseSeq);
    if (next === 'hole') return this.#answerAfterHole(lane, step);
    const wait = lane.barrier();
    if (next === 'behind') {
      // Catching up reads from the database first, so the answer, which needs no read, is sent before what the read finds. It finds what is on its way, too.
      lane.generation++;
      lane.pushed = lane.sequencer.reach;
      void this.catchUp();
      return wait;
    }
    this.#noteAnswered(lane, step.pts);
    if (next.length > 0) this.#deliver(lane, next, wait === undefined);
    this.#settle(lane);
    return wait;
  }

  /** Records what a session gets by an answer, when everything before the answer has been pushed: if that fails, all of it is pushed again. */
  #noteAnswered(lane: Lane, pts: number): void {
    const { sent } = lane.sequencer;
    const { generation } = lane;
    const note = (): void => {
      const reached = Math.min(pts, sent);
      if (lane.generation === generation && reached > lane.pushed.pts) lane.pushed = { ...lane.pushed, pts: reached };
    };
    if (lane.isIdle) note();
    else lane.enqueue(async () => note());
  }

  override repair(position: BoxPosition): Promise<void> | 'settled' | 'awaited' {
    const round = super.repair(position);
    if (typeof round === 'string') this.#settleAll();
    return round;
  }

  /** Takes a session out of the crowd if an answer moves it, or if the answer has to wait for pushes on their way to this session. */
  #laneForAnswer(follower: Follower, step: BoxStep): Lane | undefined {
    const missing = this.#crowd.missing(follower);
    if (missing === undefined) return undefined;
    // What is on its way is pushed again, after the answer.
    if (isRewinding(this.#shared!, step)) return this.#split(follower, []);
    return missing.length > 0 || step.pts > this.#shared!.sent ? this.#split(follower, missing) : undefined;
  }

  /**
   * Takes a session out of the crowd. What is on its way to it is pushed to it at once.
   * @param missing what is on its way
   */
  #split(follower: Follower, missing: readonly Push[]): Lane | undefined {
    if (!this.#crowd.remove(follower)) return undefined;
    const lane = this.#openLane(follower, this.#shared!.sent);
    const fromPts = missing.find((push) => push.fromPts !== undefined)?.fromPts;
    if (fromPts !== undefined) lane.pushed = { ...lane.pushed, pts: fromPts };
    for (const push of missing) this.#plan(lane, push);
    return lane;
  }

  #openLane(follower: Follower, pts: number): Lane {
    const lane = new Lane(follower, this.#sequencerAt(pts));
    this.#lanes.set(follower, lane);
    return lane;
  }

  #sequencerAt(pts: number): SessionSequencer {
    return new SessionSequencer({ pts, looseSeq: 0 }, this.#deps.clock);
  }

  #settleAll(): void {
    for (const lane of this.#lanes.values()) this.#settle(lane);
  }

  /** Moves a session to the crowd if both are at the same position. */
  #settle(lane: Lane): void {
    const { follower, sequencer } = lane;
    if (!lane.isSettled || this.#lanes.get(follower) !== lane) return;
    if (this.#crowd.size === 0) this.#shared = this.#sequencerAt(sequencer.sent);
    else if (this.#shared!.sent !== sequencer.sent) return;
    this.#lanes.delete(follower);
    this.#crowd.add(follower);
  }

  async #answerAfterHole(lane: Lane, step: BoxStep): Promise<void> {
    this.see(step.pts - step.ptsCount, 0);
    await this.foundHole();
    // The session may have joined the crowd meanwhile, or gone.
    if (this.#lanes.get(lane.follower) !== lane) return;
    const next = lane.sequencer.answered(step.pts - step.ptsCount, step.pts);
    const wait = lane.barrier();
    if (Array.isArray(next) && next.length > 0) this.#deliver(lane, next, wait === undefined);
    await wait;
  }

  #offer(lane: Lane, hint: BoxHint): void {
    const { sequencer, follower: { session } } = lane;
    const isOwn = isOrigin(session, hint);
    const offer = sequencer.offer(hint, isOwn);
    this.#deps.pushLog()?.offered(session, hint, offer, { sent: sequencer.sent, isOwn });
    if (offer === 'hole') void this.foundHole();
    else if (offer !== 'nothing') this.#deliver(lane, offer);
  }

  /** Shows an update without pts to everybody, except to the member about whom it is. */
  #show({ update, exceptUserId }: TransientHint): void {
    const event: BoxEvent = { kind: 'update', pts: 0, ptsCount: 0, date: 0, update, looseSeq: 0 };
    const push: Push = { events: [event], fromPts: undefined, isShared: true, exceptUserId, project: (viewerId) => this.#deps.source.projectTransient(viewerId, update) };
    for (const lane of this.#lanes.values()) this.#plan(lane, push);
    this.#planForCrowd(push);
  }

  protected places(): FeedPlace[] {
    const places: FeedPlace[] = this.#lanes.values().map((lane) => ({ sequencer: lane.sequencer, lane }));
    if (this.#crowd.size > 0) places.push({ sequencer: this.#shared!, lane: undefined });
    return places;
  }

  protected readSince(from: BoxReach): Promise<EventSlice> {
    return this.#deps.source.listEventsSince(from, CATCH_UP_MAX);
  }

  protected pushed(): Promise<unknown> {
    return Promise.all([this.#tail, ...this.#lanes.values().map((lane) => lane.idle())]);
  }

  protected override caughtUp(): void {
    this.#settleAll();
  }

  protected applySlice({ sequencer, lane }: FeedPlace, slice: EventSlice): void {
    const { sent } = sequencer;
    if (!slice.more) {
      const news = fillHoles(sequencer.catchUp(slice.events, slice), sent, slice.pts, this.#deps.source.fillHole);
      if (news.length === 0) return;
      if (lane === undefined) this.#deliverToCrowd(news);
      else this.#deliver(lane, news);
      return;
    }
    sequencer.catchUp([], this.seen);
    this.#deps.pushLog()?.toldToFetch(this.owner, lane?.follower.session);
    const { reach } = sequencer;
    const push: Push = { events: [], fromPts: sent, isShared: false, project: (viewerId) => this.#deps.source.projectTooLong(viewerId, reach.pts) };
    if (lane === undefined) this.#planForCrowd(push);
    else this.#plan(lane, push, reach);
  }

  #pushOf(events: readonly BoxEvent[]): Push {
    const [first] = events;
    return { events, fromPts: first === undefined ? undefined : first.pts - first.ptsCount, isShared: true, project: (viewerId) => this.#deps.source.projectEvents(viewerId, events) };
  }

  #deliver(lane: Lane, events: readonly BoxEvent[], later = false): void {
    if (later) lane.enqueue(() => new Promise((turn) => setImmediate(turn)));
    for (const part of partsOf(events)) this.#plan(lane, this.#pushOf(part));
  }

  /** Plans a push to one session. @param reach what the session has afterwards; by default, the events in addition */
  #plan(lane: Lane, { events, exceptUserId, project }: Push, reach?: BoxReach): void {
    const { generation, follower } = lane;
    const { session, viewerId } = follower;
    if (viewerId === exceptUserId) return;
    const isLive = (): boolean => lane.generation === generation && this.#lanes.get(follower) === lane;
    lane.enqueue(async () => {
      if (!isLive()) return;
      try {
        const updates = await project(viewerId);
        // The session may have gone while the projection ran.
        if (!isLive()) return;
        if (updates !== undefined) this.#hand(session, encodePush(this.#deps, session.layer, updates), events);
        else this.#deps.pushLog()?.hidden(this.owner, session, events);
        lane.pushed = reach ?? advance(lane.pushed, events);
      } catch (error) {
        this.#stepBack(lane, error);
      }
      // The next turn, when this delivery has left the queue.
      setImmediate(() => this.#settle(lane));
    });
  }

  #stepBack(lane: Lane, error: unknown): void {
    this.projectionFailed(error);
    lane.generation++;
    lane.sequencer.rewind(lane.pushed);
  }

  #deliverToCrowd(events: readonly BoxEvent[]): void {
    for (const part of partsOf(events)) this.#planForCrowd(this.#pushOf(part));
  }

  #planForCrowd(push: Push): void {
    if (this.#crowd.size === 0) return;
    const run = this.#crowd.begin(push);
    this.#tail = this.#tail.then(() => this.#run(run));
  }

  /** Never rejects. */
  async #run(run: Run): Promise<void> {
    try {
      await pushShared(this.#deps.source, this.#crowd, run, {
        hand: ({ session }, body) => this.#hand(session, body, run.push.events),
        onHidden: ({ session }) => this.#deps.pushLog()?.hidden(this.owner, session, run.push.events),
        encode: (layer, updates) => encodePush(this.#deps, layer, updates),
        onClasses: this.#deps.onClasses,
      });
    } catch (error) {
      this.projectionFailed(error);
    }
    const { fromPts } = run.push;
    const lacking = this.#crowd.end(run);
    // Updates without pts may be lost.
    if (fromPts === undefined) return;
    // The next repair pushes to them what they lack.
    for (const follower of lacking) if (this.#crowd.remove(follower)) this.#openLane(follower, fromPts);
  }

  #hand(session: LiveSession, body: Uint8Array, events: readonly BoxEvent[]): void {
    const outcome = session.push(body);
    this.#deps.onPush(outcome, events);
    this.#deps.pushLog()?.handed(this.owner, session, outcome, { events, bytes: body.length });
    this.#deps.pushTraces?.handed(events, { outcome, layer: session.layer, bytes: body.length, connected: session.connected });
  }
}

/**
 * Whether an answer says that the client is further back than its session: it is a final difference, or the answer to a change after which the session was
 * attached.
 */
function isRewinding({ sent }: SessionSequencer, { pts, ptsCount, looseSeq }: BoxStep): boolean {
  return pts < sent && (ptsCount < pts || looseSeq !== undefined);
}
