import type { OperatorError, TimerHandle } from '@aerogram/runtime';
import type pg from 'pg';
import type { Incarnation } from '../database/commit-mark.ts';
import { DatabaseUnavailable } from '../database/errors.ts';
import { Signal } from '../signal.ts';
import { expelLost } from './expel-lost.ts';
import { connectLease, onItsOwn, within } from './lease-connection.ts';
import { LeaseGate } from './lease-gate.ts';
import { LossWatch } from './loss-watch.ts';
import { introduceNode, type Introduction, type OtherNode } from './node-facts-store.ts';
import { changeState, type ClusterView, findHolder, giveUpNode, inClusterLock, nextGeneration, type NodeState, raiseClusterBarrier, renewNode } from './node-store.ts';
import { type Member, ReadCluster } from './members.ts';
import { ALONE_TIMES, NODE_TIMES, type NodeTimes } from './node-times.ts';
import { noteTimeline } from './note-timeline.ts';
import { PrimaryWatch } from './primary-watch.ts';
import { DatabaseServed, describeLoss, type MembershipOptions, type Taken, takeRow } from './take-node.ts';

/** After a failure, in milliseconds. */
const RETRY_MS = 500;

/**
 * The right to serve from a database, and who else has it. It is a row that the server renews all the time; a server that ends gives it up, and that of a
 * killed server expires. Unless it joins a cluster, a server is the only one, because it keeps decisions such as a block or the end of a device in its
 * own memory. Whoever takes a row away sees to it that the one who had it commits nothing more.
 *
 * Nodes of a cluster serve in generations. The members of one divide the keys between them; a change begins the next generation, in which a member takes
 * over a key when all who served before have seen it (`isSettled`).
 *
 * The statement that renews the row also shows whether the database responds, what its clock shows, and all other nodes. It has its own connection, so that a
 * busy pool does not cost the lease.
 */
export class Membership implements AsyncDisposable {
  /** Resolves with the reason when another server has taken the lease: this server must stop. */
  readonly lost: Promise<OperatorError>;
  readonly #options: MembershipOptions & { times: NodeTimes };
  readonly #self: Incarnation;
  readonly #gate: LeaseGate;
  readonly #losses: LossWatch;
  /** What waits for the next renewal. */
  readonly #waiting: (() => void)[] = [];
  readonly #primary: PrimaryWatch;
  readonly #listeners = new Signal<void>();
  readonly #onChange = new Signal<void>();
  readonly #onBarrier = new Signal<void>();
  readonly #onPrimary = new Signal<void>();
  #lose!: (reason: OperatorError) => void;
  #client: pg.Client | undefined;
  #timer: TimerHandle | undefined;
  #beating: Promise<void> | undefined;
  #expelling: Promise<void> | undefined;
  #noting: Promise<void> | undefined;
  readonly #cluster: ReadCluster;
  #seenGeneration = 0;
  #seenBarrier: number;
  /** The next renewal must not wait for its turn. */
  #isUrgent = false;
  #isAnswering = true;
  #isLost = false;
  #isClosed = false;

  private constructor(options: MembershipOptions & { times: NodeTimes }, client: pg.Client, taken: Taken) {
    this.#options = options;
    this.#self = taken.self;
    this.#cluster = new ReadCluster(taken.view);
    this.#seenBarrier = taken.view.barrier;
    this.#gate = new LeaseGate(options.clock, options.times);
    this.#gate.renewed(taken.atMs);
    this.#losses = new LossWatch(taken.self.name, options.times.leaseMs);
    this.#primary = new PrimaryWatch(taken.view);
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#keep(client);
    this.#later(0);
  }

  /**
   * Takes the row; waits if it, or that of the only server, belongs to a process that no longer renews it. A node that joins is no member before {@link serve}.
   * @throws DatabaseServed when another server renews it; DatabaseUnavailable
   */
  static async take(given: MembershipOptions): Promise<Membership> {
    const options = { ...given, times: given.times ?? (given.joins ? NODE_TIMES : ALONE_TIMES) };
    const client = await connectLease(options.url);
    try {
      return new Membership(options, client, await takeRow(client, options));
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
  }

  /** The name of this node. */
  get self(): string {
    return this.#self.name;
  }

  /** Belongs to this process only, also if another one holds the row later. */
  get token(): bigint {
    return this.#self.token;
  }

  /** See `DatabaseOptions.incarnation`. */
  get incarnation(): Incarnation {
    return this.#self;
  }

  /** The newest generation that was read. */
  get generation(): number {
    return this.#cluster.view.generation;
  }

  /** Those that serve in this generation, by name; the same array until they change. */
  get members(): readonly Member[] {
    return this.#cluster.members;
  }

  /** All that may have links to one another, by name, with this node; the same array until they change. */
  get peers(): readonly Member[] {
    return this.#cluster.peers;
  }

  /** All that served by an earlier generation have seen this one, or are lost: nobody else serves a key of this node. */
  get isSettled(): boolean {
    return this.#cluster.isSettled;
  }

  /** This node is giving its work to the others, because an operator or the node itself wants it to end. */
  get isDraining(): boolean {
    return this.#cluster.view.nodes.some(({ name, state }) => name === this.self && state === 'draining');
  }

  /** Of the primary that is served from; see `Primary`. */
  get timeline(): string {
    return this.#primary.known.timeline;
  }

  /** Whether the last renewal got a response. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** How long ago the last successful renewal was sent, in milliseconds. */
  get ageMs(): number {
    return this.#gate.ageMs;
  }

  /** Calls `fn` after each renewal, successful or not. */
  listen(fn: () => void): void {
    this.#listeners.listen(fn);
  }

  /** Calls `fn` when the generation, the members, the peers or `isSettled` have changed. */
  onChange(fn: () => void): Disposable {
    return this.#onChange.listen(fn);
  }

  /** Calls `fn` when every node must empty its caches of what it has read from the database. They must be empty when `fn` returns. */
  onBarrier(fn: () => void): Disposable {
    return this.#onBarrier.listen(fn);
  }

  /** Calls `fn` when another server is the primary, and that is noted. The connections to the former one must be closed. */
  onPrimary(fn: () => void): Disposable {
    return this.#onPrimary.listen(fn);
  }

  /** Awaited before each transaction: nothing is written while the lease may have expired. See `DatabaseOptions.gate`. */
  readonly gate = (): Promise<void> | undefined => this.#gate.gate();

  /** Whether this node certainly holds its row now. */
  mayWrite(): boolean {
    return this.#gate.mayWrite();
  }

  /** Whether this node may still answer and take packets: nobody can have taken its keys over. */
  mayAnswer(): boolean {
    return this.#gate.mayAnswer();
  }

  /**
   * Tells the others where this node accepts links and what must be the same on all nodes, unless `check` rejects what one of them has told: of two that
   * differ, the later is refused.
   */
  introduce(told: Introduction, check: (others: OtherNode[]) => Promise<void>): Promise<void> {
    return this.#onItsOwn((client) => inClusterLock(client, () => introduceNode(client, this.#self, told, check)));
  }

  /** Begins a generation of which this node is a member. */
  serve(): Promise<void> {
    return this.#become('serving');
  }

  /** Begins a generation without this node, which goes on answering until others have its keys. */
  drain(): Promise<void> {
    return this.#become('draining');
  }

  /** Tells the others that this node has stopped serving the keys that belong to another node in this generation. */
  acknowledge(generation: number): void {
    if (generation <= this.#seenGeneration) return;
    this.#seenGeneration = generation;
    this.lookNow();
  }

  /** Renews the row and reads the others now, because something has changed. */
  lookNow(): void {
    this.#isUrgent = true;
    this.#later(0);
  }

  /**
   * Returns when all nodes have dropped what they had read before this was called, or are lost.
   * @throws the reason when this node is lost
   */
  async raiseBarrier(): Promise<void> {
    if (!this.#options.joins) return;
    const barrier = await this.#onItsOwn((client) => raiseClusterBarrier(client));
    this.lookNow();
    while (!this.#cluster.hasPassed(barrier)) await this.#nextBeat();
  }

  /** Gives the row up: others may serve at once, and this server writes and answers nothing more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    if (!this.#isLost) this.#gate.close(new DatabaseUnavailable('the server ends'));
    await Promise.all([this.#beating, this.#expelling, this.#noting]);
    for (const resume of this.#waiting.splice(0)) resume();
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    try {
      if (!this.#isLost) await inClusterLock(client, () => giveUpNode(client, this.#self));
    } catch (error) {
      this.#options.log.debug({ err: error }, 'could not give up the lease; it runs out');
    }
    await client.end().catch(() => {});
  }

  #keep(client: pg.Client): void {
    this.#client = client;
    client.on('error', (error) => {
      if (this.#client !== client || this.#isClosed) return;
      this.#client = undefined;
      this.#options.log.debug({ err: error }, 'lost the connection that renews the lease');
      // At once, because others wait to know whether the database is down or only this connection was lost.
      this.#later(0);
    });
  }

  #later(ms: number): void {
    if (this.#isClosed || this.#isLost) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined;
        this.#later(this.#isUrgent ? 0 : this.#isAnswering ? this.#options.times.renewMs : RETRY_MS);
      });
    }, ms);
  }

  /** Renews the row once; never rejects. */
  async #beat(): Promise<void> {
    const { clock, log, times } = this.#options;
    this.#isUrgent = false;
    try {
      await within(times.answerMs, clock, (isLate) => this.#renew(isLate));
    } catch (error) {
      log.debug({ err: error }, 'could not renew the lease on the database');
      const client = this.#client;
      this.#client = undefined;
      client?.end().catch(() => {});
      this.#losses.reset();
      this.#answered(false);
    }
    for (const resume of this.#waiting.splice(0)) resume();
    if (this.#isLost) return;
    this.#listeners.fire();
  }

  /** Resolves after the next renewal, successful or not. @throws when there will be none */
  async #nextBeat(): Promise<void> {
    if (!this.#isClosed && !this.#isLost) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isLost) throw await this.lost;
    if (this.#isClosed) throw new DatabaseUnavailable('the server ends');
  }

  async #renew(isLate: () => boolean): Promise<void> {
    const { clock, watch, times } = this.#options;
    if (!this.#client) {
      const made = await connectLease(this.#options.url);
      if (isLate()) return void made.end().catch(() => {});
      this.#keep(made);
    }
    const client = this.#client!;
    const note = watch.look();
    const sentMs = clock.monotonicMs();
    const sent = { leaseMs: times.leaseMs, seenGeneration: this.#seenGeneration, seenBarrier: this.#seenBarrier };
    const renewed = await renewNode(client, this.#self, { ...sent, clock: note, offsetMs: watch.offsetMs });
    if (isLate()) return;
    const primary = renewed && this.#primary.look(renewed.view);
    this.#answered(true);
    if (!primary) return this.#noteLost(client);
    if (primary.hasNews) this.#note();
    if (primary.isChanged) this.#onPrimary.fire();
    // On a primary that is not noted nothing may be numbered.
    if (primary.isKnown) this.#gate.renewed(sentMs);
    // Assumes that the database read its clock halfway between request and response.
    const middleMs = note.clockMs + (clock.monotonicMs() - sentMs) / 2;
    watch.compare(middleMs - renewed.view.databaseMs);
    if (renewed.isClockAccepted && !note.isAccepted) watch.accept();
    this.#read(renewed.view, sent);
  }

  #answered(isAnswering: boolean): void {
    if (isAnswering !== this.#isAnswering) {
      if (isAnswering) this.#options.log.info('the database answers again');
      else this.#options.log.error('the database does not answer');
    }
    this.#isAnswering = isAnswering;
  }

  async #noteLost(client: pg.Client): Promise<void> {
    const other = await findHolder(client);
    const reason = new DatabaseServed(describeLoss(this.#options, other));
    this.#options.log.error({ holder: other?.name }, 'lost the lease on the database');
    this.#isLost = true;
    this.#gate.close(reason);
    this.#lose(reason);
  }

  async #become(state: NodeState): Promise<void> {
    const isDone = await this.#onItsOwn((client) =>
      inClusterLock(client, async () => {
        await nextGeneration(client);
        return changeState(client, this.#self, state);
      }),
    );
    if (!isDone) throw new DatabaseUnavailable('this node has lost its lease');
    this.lookNow();
    await this.#nextBeat();
  }

  /** Waiting for others must not cost the lease. */
  #onItsOwn<T>(fn: (client: pg.Client) => Promise<T>): Promise<T> {
    return onItsOwn(this.#options.url, fn);
  }

  /** Takes what a renewal has read. @param sent what it has written into the row of this node */
  #read(view: ClusterView, sent: { seenGeneration: number; seenBarrier: number }): void {
    const own = view.nodes.find(({ name }) => name === this.#self.name);
    if (own) Object.assign(own, { seen_generation: sent.seenGeneration, seen_barrier: sent.seenBarrier });
    const hasChanged = this.#cluster.read(view);
    if (view.barrier > this.#seenBarrier) {
      this.#onBarrier.fire();
      this.#seenBarrier = view.barrier;
      this.#isUrgent = true;
    }
    if (hasChanged) this.#onChange.fire();
    if (!this.#options.joins) return;
    const lost = this.#losses.look(view, this.#options.clock.monotonicMs());
    if (lost.length > 0) {
      this.#expelling ??= expelLost(this.#options.url, lost, this.#options.log).finally(() => {
        this.#expelling = undefined;
        this.lookNow();
      });
    }
  }

  /** Notes what is new about the primary. */
  #note(): void {
    const { log } = this.#options;
    this.#noting ??= this.#onItsOwn((client) => inClusterLock(client, (view) => noteTimeline(client, log, view, this.#primary.known)))
      .then(() => this.lookNow())
      // Tried again with the next renewal.
      .catch((error: unknown) => log.warn({ err: error }, 'could not note the primary of the database'))
      .finally(() => {
        this.#noting = undefined;
      });
  }
}
