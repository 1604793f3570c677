import type { ServerHttp2Stream } from 'node:http2';
import { HomeAway, type HomeAnswerer, type HomeListener, type OtherHomes } from '@aerogram/cluster';
import { type Clock, type Endpoint, type Logger, type Metrics, type Random, type TimerHandle, TokenBuckets } from '@aerogram/runtime';
import { type Database, doBeginStreamEpoch, type LeaseHolder, Leases, listLinkAddresses, noteLinkStates } from '@aerogram/storage';
import { Answers } from './calls/ask.ts';
import { FRAMES_PATH, HINTS_PATH, HomePeer } from './home-peer.ts';
import { HomeTable, type WaitingLimits } from './home-table.ts';
import type { HomeIdentity } from './identity/home-identity.ts';
import { IncomingFrames } from './incoming-frames.ts';
import { RELAY_LIMITS, type RelayLimits } from './relay-limits.ts';
import { linkUp, linkWaiting } from './relay-metrics.ts';
import type { MayDial } from './sessions/guarded-lookup.ts';
import { HomeServer } from './sessions/home-server.ts';
import { Refusals, type Refusal } from './sessions/refusals.ts';
import type { AppliesFrames } from './streams/frame-receiver.ts';
import { type MessagePipe, openPipe } from './streams/message-pipe.ts';
import { readHint } from './wire/bodies.ts';
import { MESSAGE, RelayFault } from './wire/messages.ts';

/** What the links of a process need. */
export interface HomeLinksOptions {
  identity: HomeIdentity;
  db: Database;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  waiting: WaitingLimits;
  /** The node, in the process that accepts the links of others and that sends the frames if the node holds the lease. Absent in other processes, which only ask and hint. */
  holder?: LeaseHolder | undefined;
  /** Whether another home may be dialled at an address, as it has said. */
  mayDial: MayDial;
  /** Where that process listens. */
  listen?: Endpoint | undefined;
  /** Tells the process that sends the frames that another one has written some. */
  announce?: { written(dc: number): void; onWritten(fn: (dc: number) => void): Disposable } | undefined;
  limits?: Partial<RelayLimits> | undefined;
}

/** The length of the name of a hint, which its body begins with. */
const HINT_HEAD_BYTES = 4;

/** More than there can be. */
const MAX_HOMES = 8;

/** The one bucket of the lease of the links. */
const BUCKET = 0;

/**
 * The links of this process to the other homes. Each process opens a connection to each of them, over which it asks and hints; of all processes of a home one sends
 * the frames over its own. What comes from others is taken by the processes that listen.
 */
export class HomeLinks implements OtherHomes, AsyncDisposable {
  readonly own: number;
  readonly #options: HomeLinksOptions;
  readonly #limits: RelayLimits;
  readonly #table: HomeTable;
  readonly #peers = new Map<number, HomePeer>();
  readonly #answers: Answers;
  readonly #listeners = new Map<string, HomeListener>();
  readonly #heard = new WeakMap<object, MessagePipe>();
  readonly #hints: TokenBuckets;
  readonly #refusals: Refusals;
  #server: HomeServer | undefined;
  #incoming: IncomingFrames | undefined;
  #leases: Leases | undefined;
  #announced: Disposable | undefined;
  #address: Endpoint | undefined;
  #timer: TimerHandle | undefined;
  #ticking: Promise<void> | undefined;
  #confirmedMs = -Infinity;
  #isStarted = false;
  #hasRenumbered = false;

  private constructor(options: HomeLinksOptions, table: HomeTable) {
    this.#options = options;
    this.#limits = { ...RELAY_LIMITS, ...options.limits };
    this.#table = table;
    this.own = options.identity.dc;
    this.#hints = new TokenBuckets(options.clock, { capacity: this.#limits.hintsAtOnce, tokensPerSecond: this.#limits.hintsPerS, maxBuckets: MAX_HOMES });
    this.#refusals = new Refusals(options);
    this.#answers = new Answers({ clock: options.clock, limits: this.#limits, log: options.log });
  }

  /** Reads who the other homes are. There are no links before `start`. @throws OperatorError if the database is that of another home */
  static async open(options: HomeLinksOptions): Promise<HomeLinks> {
    return new HomeLinks(options, await HomeTable.open(options.db, options.identity.dc, options.waiting));
  }

  /** Where this process listens; undefined before `start`, and if it does not. */
  get address(): Endpoint | undefined {
    return this.#address;
  }

  get others(): readonly number[] {
    return this.#table.members;
  }

  get ofNames(): number {
    return this.#table.ofNames;
  }

  /** Begins to listen, and to open links. @param frames applies what comes @throws as listenOn */
  async start(frames: AppliesFrames): Promise<void> {
    const { db, clock, log, holder, listen, announce } = this.#options;
    const shared = { ...this.#options, limits: this.#limits };
    if (holder !== undefined) {
      this.#leases = new Leases({ db, clock, log, queue: 'homes', holder, buckets: [BUCKET], keyOf: () => 'homes', onTaken: () => this.#begin() });
      await this.#leases.renew();
    }
    if (listen !== undefined) {
      this.#incoming = new IncomingFrames({ ...shared, frames });
      this.#server = new HomeServer({
        ...shared,
        isWanted: (dc) => this.#table.isWanted(dc),
        isGood: (proof) => this.#table.isGood(proof),
        onRefused: (dc, address) => this.#refused({ dc, side: 'here', address }),
        isHomeAddress: (address) => this.#table.rows.some((row) => listLinkAddresses(row).some(({ host }) => host === address)),
        onGreeting: (dc) => this.#peers.get(dc)?.dialNow(),
        onRequest: (stream, path, from) => this.#take(stream, path, from),
      });
      this.#address = await this.#server.listen(listen);
    }
    this.#announced = announce?.onWritten((dc) => this.#peers.get(dc)?.wake());
    this.#isStarted = true;
    this.#look();
    this.#timer = clock.setInterval(() => void this.#tick(), this.#limits.pollMs);
  }

  dcOf(peerId: bigint): number | undefined {
    return this.#table.dcOf(peerId);
  }

  isFull(dc: number): boolean {
    return this.#table.isFull(dc);
  }

  isBehind(dc: number): boolean {
    return this.#table.isBehind(dc);
  }

  framesWritten(dc: number): void {
    this.#table.wrote(dc);
    if (this.#sends()) this.#peers.get(dc)?.wake();
    else this.#options.announce?.written(dc);
  }

  async ask(dc: number, name: string, body: Uint8Array): Promise<Uint8Array> {
    const peer = this.#peers.get(dc);
    if (peer === undefined) throw new HomeAway(dc);
    return peer.ask(name, body);
  }

  onAsk(name: string, answer: HomeAnswerer): void {
    this.#answers.on(name, answer);
  }

  hint(dc: number, name: string, body: Uint8Array): void {
    this.#peers.get(dc)?.hint(name, body);
  }

  onHint(name: string, listener: HomeListener): void {
    if (this.#listeners.has(name)) throw new Error(`the hint ${name} has two listeners`);
    this.#listeners.set(name, listener);
  }

  /** Reads the tables now, rather than with the next poll. Never rejects. */
  async refresh(): Promise<void> {
    await this.#ticking;
    await this.#tick();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStarted = false;
    this.#timer?.cancel();
    this.#announced?.[Symbol.dispose]();
    await this.#ticking;
    const ended = [...this.#peers.values()].map((peer) => peer[Symbol.asyncDispose]());
    await this.#server?.[Symbol.asyncDispose]();
    await Promise.all([...ended, this.#incoming?.[Symbol.asyncDispose]()]);
    await this.#noteStates(true);
    await this.#leases?.[Symbol.asyncDispose]();
  }

  #sends(): boolean {
    return this.#leases?.holds(BUCKET) === true;
  }

  /** The lease was taken. */
  #begin(): void {
    for (const peer of this.#peers.values()) peer.sendIfHeld();
  }

  #tick(): Promise<void> {
    this.#ticking ??= this.#readTable().finally(() => {
      this.#ticking = undefined;
    });
    return this.#ticking;
  }

  async #readTable(): Promise<void> {
    try {
      const isOtherEpoch = await this.#table.read();
      if (!this.#isStarted) return;
      if (isOtherEpoch) {
        // The others have to say again what they know, and may have frames that this database has lost.
        this.#server?.endAll();
        for (const peer of this.#peers.values()) peer.renew();
      }
      this.#look();
      await this.#noteStates(false);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'could not read the table of data centres');
    }
  }

  /** Opens and ends links as the table says. */
  #look(): void {
    const { rows } = this.#table;
    for (const row of rows) {
      const { dc } = row;
      const peer = this.#peers.get(dc) ?? this.#addPeer(dc);
      peer.setTargets(this.#table.isWanted(dc) ? listLinkAddresses(row) : []);
      peer.endIfRevoked();
      peer.sendIfHeld();
      this.#show(dc, peer.isUp);
    }
    this.#server?.endUnwanted();
  }

  /** Sets the metrics of a link. There are none of a home that was removed: nobody waits for it. */
  #show(dc: number, isUp: boolean): void {
    const { metrics } = this.#options;
    const [up, waiting] = [metrics.gauge(linkUp), metrics.gauge(linkWaiting)];
    if (this.#table.members.includes(dc)) {
      up.set({ dc }, isUp ? 1 : 0);
      waiting.set({ dc }, this.#table.waiting(dc).frames);
    } else for (const gauge of [up, waiting]) gauge.remove({ dc });
  }

  /** A certificate was refused. Of a home with which no link is wanted the operator hears nothing. */
  #refused(refusal: Refusal): void {
    if (this.#table.isWanted(refusal.dc)) this.#refusals.refused(refusal);
  }

  #addPeer(dc: number): HomePeer {
    const peer = new HomePeer({
      ...this.#options,
      limits: this.#limits,
      dc,
      sends: () => this.#sends(),
      onState: () => this.#stateChanged(),
      isGood: (proof) => this.#table.isGood(proof),
      onRefused: (side, address) => this.#refused({ dc, side, address }),
      onOverrun: (epoch) => this.#overrun(dc, epoch),
    });
    this.#peers.set(dc, peer);
    return peer;
  }

  /**
   * Another home knows more frames than this database has sent: it was put back without `aerogram restore`. Frames with numbers that were used before would be taken for
   * those, so they are numbered anew. Once: no other home can have this done again and again.
   */
  async #overrun(dc: number, epoch: bigint): Promise<void> {
    const { db, log } = this.#options;
    log.error({ dc, epoch: String(epoch) }, 'another data centre knows changes that this database has lost: was it put back without "aerogram restore"?');
    if (this.#hasRenumbered) return;
    this.#hasRenumbered = true;
    await doBeginStreamEpoch(db, epoch);
  }

  #stateChanged(): void {
    this.#confirmedMs = -Infinity;
    if (this.#isStarted) void this.#noteStates(false);
  }

  /** Writes to the table which links stand: when that has changed, and now and then. Never rejects. */
  async #noteStates(isEnding: boolean): Promise<void> {
    const { db, clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    if (!this.#sends() || (!isEnding && nowMs - this.#confirmedMs < this.#limits.confirmMs)) return;
    this.#confirmedMs = nowMs;
    const states = new Map([...this.#peers].map(([dc, peer]) => [dc, !isEnding && peer.isUp]));
    for (const [dc, isUp] of states) this.#show(dc, isUp);
    if (states.size === 0) return;
    await noteLinkStates(db, states).catch((error: unknown) => log.debug({ err: error }, 'could not note the state of the links'));
  }

  #take(stream: ServerHttp2Stream, path: string, from: number): boolean {
    if (stream.destroyed) return true;
    if (path === FRAMES_PATH) this.#incoming!.take(stream, from);
    else if (path === HINTS_PATH) this.#hear(stream, from);
    else return this.#answers.take(stream, path, from);
    return true;
  }

  /** Takes the hints of a stream; an older one of the same session ends. */
  #hear(stream: ServerHttp2Stream, from: number): void {
    const { session } = stream;
    if (session === undefined) return;
    this.#heard.get(session)?.end('there is another stream of hints');
    stream.respond({ ':status': 200 });
    const pipe = openPipe(stream, {
      message: ({ kind, body }) => {
        if (kind !== MESSAGE.hint) throw new RelayFault(`a message of the kind ${kind}`);
        const hint = readHint(body);
        if (this.#hints.take(String(from), 1) > 0) return;
        try {
          this.#listeners.get(hint.name)?.(hint.body, from);
        } catch (error) {
          this.#options.log.warn({ dc: from, hint: hint.name, err: error }, 'could not take a hint of another data centre');
        }
      },
      ended: () => undefined,
    }, this.#limits.maxHintBytes + HINT_HEAD_BYTES);
    this.#heard.set(session, pipe);
  }
}
