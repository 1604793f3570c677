import { type Clock, type Logger, type Metrics, type Random, systemClock, systemRandom } from '@aerogram/runtime';
import { type HintBus, isForListeners } from '../bus.ts';
import { HintReader, HintWriter } from '../hint-codec.ts';
import { createInProcessBus } from '../in-process-bus.ts';
import { CountedListeners, LossListeners } from '../listeners.ts';
import { DICTIONARY } from './dictionary.ts';
import { Interest } from './interest.ts';
import { bodyBytes, type FrameHead, isAsked, KIND, readFrame, writeAsked, writeFrame } from './nats-frame.ts';
import { NatsLine } from './nats-line.ts';
import { type DropReason, type GapReason, natsMetrics } from './nats-metrics.ts';
import type { NatsServers } from './nats-servers.ts';
import { Senders } from './senders.ts';
import { createSubjects } from './subjects.ts';

/** Interval of the beats, in milliseconds. */
const BEAT_MS = 1_000;
/** A process that did nothing for longer may have lost what was sent to it, in milliseconds. */
const STOOD_MS = 2_000;

/** The bus of one of several nodes that are connected to NATS. */
export interface NatsBus extends HintBus, AsyncDisposable {
  /** Whether hints reach other nodes and come from them just now. */
  readonly isConnected: boolean;
  /** Sends a hint to the listeners of this node only. */
  deliver(topic: string, hint: unknown): void;
  /**
   * Resolves when the first attempt to connect has ended, connected or not; after that the bus goes on trying by itself.
   * Rejects with an OperatorError when NATS refuses the credentials, or its certificate is not trusted. A bus that nobody asks tries on.
   */
  readonly opened: Promise<void>;
  /** Says goodbye to the other nodes and closes the connection, within a second. The bus then works within the process. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a bus on NATS is made of. */
export interface NatsBusOptions {
  /** Where NATS is: what `readNatsSettings` or `parseNatsUrl` returned. */
  servers: NatsServers;
  /** Identity of the database (`database_id` of its `meta`). Buses hear only those of the same one. */
  databaseId: string;
  /** Name of this node, by which the others know whom they hear. */
  node: string;
  /**
   * Names of the other nodes that serve now. While one of them is not heard, hints count as lost each 3 s. By default only a node that was
   * heard is missed, and once.
   */
  others?: () => Iterable<string>;
  /** How many names of the dictionary the oldest other node knows, so that it can read what this one sends; by default all. */
  dictionary?: number;
  metrics: Metrics;
  log: Logger;
  clock?: Clock;
  random?: Random;
}

/**
 * Creates the bus of a node and begins to connect to NATS. Hints go to the local listeners as in {@link createInProcessBus}, and to the nodes
 * that listen to the topic; hints about other things than users, channels and bots go to all nodes.
 *
 * While NATS is away the bus works within the process, drops what is for others, and tries to connect in the background. The listeners of
 * `onReconnect` are called whenever hints of others may have been lost: when the connection ends and when it stands again, after a hole in the
 * numbers of a sender, when a node is silent or says that it lost hints, and after a message that cannot be read.
 */
export function createNatsBus(options: NatsBusOptions): NatsBus {
  const { clock = systemClock, random = systemRandom } = options;
  return new BusOnNats({ ...options, clock, random });
}

class BusOnNats implements NatsBus {
  readonly #options: NatsBusOptions & { clock: Clock };
  readonly #local: HintBus;
  readonly #listeners: CountedListeners;
  readonly #losses = new LossListeners();
  readonly #metrics: ReturnType<typeof natsMetrics>;
  readonly #line: NatsLine;
  readonly #subjects: ReturnType<typeof createSubjects>;
  readonly #senders = new Senders();
  readonly #interest: Interest;
  readonly #self: bigint;
  readonly #writer: HintWriter;
  readonly #dictionary: number;
  readonly #reader = new HintReader();
  readonly #beat: { cancel(): void };
  /** Number of the last message to all. */
  #sequence = 0;
  /** Whether the others must be told that they did not get a hint. */
  #hasLost = false;
  #beatMs: number;
  #closing: Promise<void> | undefined;

  constructor(options: NatsBusOptions & { clock: Clock; random: Random }) {
    const { clock, random, log, metrics, servers, node } = options;
    this.#options = options;
    this.#local = createInProcessBus({ log });
    this.#metrics = natsMetrics(metrics);
    this.#subjects = createSubjects(options.databaseId);
    this.#self = BigInt.asUintN(64, random.int64());
    this.#dictionary = Math.min(options.dictionary ?? DICTIONARY.length, DICTIONARY.length);
    this.#writer = new HintWriter(DICTIONARY.slice(0, this.#dictionary));
    this.#reader.learn(DICTIONARY);
    this.#line = new NatsLine({
      servers,
      name: `aerogram ${node}`,
      clock,
      random,
      log,
      onConnected: () => this.#connected(),
      onDisconnected: () => {
        this.#metrics.connected.set(0);
        this.#gap('disconnected');
      },
      onMessage: (bytes) => this.#hear(bytes),
    });
    this.#listeners = new CountedListeners(this.#local, {
      onFirst: (topic) => {
        if (!isForListeners(topic)) return;
        // Before the others are told, so that the server has it when they send.
        this.#line.subscribe(this.#subjects.of(topic));
        this.#interest.begin(topic);
      },
      onLast: (topic) => {
        if (!isForListeners(topic)) return;
        this.#line.unsubscribe(this.#subjects.of(topic));
        this.#interest.cease(topic);
      },
    });
    this.#interest = new Interest({
      clock,
      senders: this.#senders,
      others: () => options.others?.() ?? [],
      isConnected: () => this.#line.isConnected,
      maxBody: () => bodyBytes(this.#line.maxPayload),
      // What is not sent leaves a hole in the numbers, so that the others ask for everything.
      tell: (body) => void this.#line.send(this.#subjects.all, this.#frame(KIND.interest, { body, isForAll: true })),
      ask: (senders) => void this.#line.send(this.#subjects.all, this.#frame(KIND.ask, { body: writeAsked(senders) })),
    });
    this.#line.subscribe(this.#subjects.all);
    this.#line.subscribe(this.#subjects.beat);
    this.#beatMs = clock.monotonicMs();
    this.#beat = clock.setInterval(() => this.#onBeat(), BEAT_MS);
    this.#line.open();
  }

  get isConnected(): boolean {
    return this.#line.isConnected;
  }

  get opened(): Promise<void> {
    return this.#line.opened;
  }

  publish(topic: string, hint: unknown): void {
    this.#local.publish(topic, hint);
    if (this.#closing !== undefined) return;
    if (!this.#line.isConnected) return this.#drop('away');
    const isForAll = !isForListeners(topic);
    if (!isForAll && !this.#interest.mayBeHeard(topic)) return this.#metrics.unheard.inc();
    let body: Buffer;
    try {
      this.#writer.add(topic, hint);
      body = this.#writer.take().bytes;
    } catch (error) {
      this.#options.log.error({ topic_kind: topic.split(':', 1)[0], err: error }, 'a hint cannot be sent to other nodes');
      return this.#drop('unwritable');
    }
    const frame = this.#frame(KIND.hint, { body, isForAll });
    const reason = frame.length > this.#line.maxPayload ? 'large' : this.#line.send(isForAll ? this.#subjects.all : this.#subjects.of(topic), frame);
    // A number that was taken and not sent is a hole for the others, as it should be.
    if (reason !== undefined) this.#drop(reason);
    else this.#metrics.hints.inc({ direction: 'out' });
  }

  deliver(topic: string, hint: unknown): void {
    this.#local.publish(topic, hint);
  }

  subscribe(topic: string, fn: (hint: unknown) => void): Disposable {
    return this.#listeners.subscribe(topic, fn);
  }

  onReconnect(fn: () => void): Disposable {
    return this.#losses.add(fn);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#beat.cancel();
    this.#interest[Symbol.dispose]();
    this.#tellOfLost();
    this.#line.send(this.#subjects.beat, this.#frame(KIND.bye));
    await this.#line.close();
    this.#metrics.connected.set(0);
  }

  #frame(kind: FrameHead['kind'], { body = Buffer.alloc(0), isForAll = false }: { body?: Buffer; isForAll?: boolean } = {}): Buffer {
    if (isForAll) this.#sequence++;
    const sequence = isForAll || kind === KIND.beat ? this.#sequence : 0;
    return writeFrame({ kind, dictionary: this.#dictionary, sender: this.#self, sequence }, body);
  }

  #drop(reason: DropReason): void {
    this.#metrics.drops.inc({ reason });
    this.#hasLost = true;
    // A server that is slow, or away, is told with a later beat, when it takes something again.
    if (reason === 'large' || reason === 'unwritable') this.#tellOfLost();
  }

  /** Tells the others that this node did not send them a hint, once the line takes it. */
  #tellOfLost(): void {
    if (!this.#hasLost || !this.#line.isConnected) return;
    if (this.#line.send(this.#subjects.all, this.#frame(KIND.lost, { isForAll: true })) === undefined) this.#hasLost = false;
  }

  #connected(): void {
    this.#metrics.connected.set(1);
    this.#senders.restart(this.#options.clock.monotonicMs());
    this.#tellOfLost();
    this.#interest.restart();
    this.#sayBeat();
    this.#gap('connected');
  }

  #sayBeat(): void {
    this.#line.send(this.#subjects.beat, this.#frame(KIND.beat, { body: Buffer.from(this.#options.node) }));
  }

  #onBeat(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const stoodMs = nowMs - this.#beatMs - BEAT_MS;
    this.#beatMs = nowMs;
    this.#line.check();
    if (!this.#line.isConnected) return;
    this.#tellOfLost();
    this.#sayBeat();
    if (stoodMs > STOOD_MS) {
      // What came meanwhile is not read yet, so nobody's silence can be judged.
      this.#senders.restart(nowMs);
      this.#interest.restart();
      this.#gap('stood');
    } else if (this.#senders.isSilent(this.#options.others?.() ?? [], nowMs)) {
      this.#gap('silent');
    }
    this.#interest.beat();
  }

  #gap(reason: GapReason): void {
    this.#metrics.gaps.inc({ reason });
    this.#options.log.debug({ reason }, 'hints of other nodes may have been lost');
    try {
      this.#losses.tell();
    } catch (error) {
      this.#options.log.error({ err: error }, 'a listener of the bus failed');
    }
  }

  #refuse(reason: 'malformed' | 'format' | 'dictionary', error?: unknown): void {
    this.#metrics.drops.inc({ reason });
    this.#options.log.error({ reason, err: error }, 'the bus got a message of NATS that it cannot read');
    this.#gap('unreadable');
  }

  #hear(bytes: Uint8Array): void {
    const frame = readFrame(bytes);
    if (typeof frame === 'string') return this.#refuse(frame);
    const { kind, sender, sequence, dictionary, body } = frame;
    // An earlier connection of this node may have left something.
    if (sender === this.#self) return;
    const nowMs = this.#options.clock.monotonicMs();
    switch (kind) {
      case KIND.beat:
        if (this.#senders.heardBeat(sender, { sequence, name: body.toString() }, nowMs)) this.#gap('hole');
        return this.#interest.heard();
      case KIND.bye:
        return this.#senders.left(sender);
      case KIND.interest:
        return this.#hearInterest(sender, { sequence, body }, nowMs);
      case KIND.ask:
        return isAsked(body, this.#self) ? this.#interest.asked() : undefined;
      case KIND.hint:
      case KIND.lost:
        if (sequence > 0) {
          if (this.#senders.heardHint(sender, sequence, nowMs)) this.#gap('hole');
          this.#interest.heard();
        }
        if (kind === KIND.lost) return this.#gap('told');
        return dictionary > DICTIONARY.length ? this.#refuse('dictionary') : this.#read(body);
      default:
        this.#refuse('malformed');
    }
  }

  #hearInterest(sender: bigint, told: { sequence: number; body: Buffer }, nowMs: number): void {
    const fault = this.#senders.heardInterest(sender, told, nowMs);
    this.#interest.heard();
    if (fault === 'hole') this.#gap('hole');
    else if (fault === 'malformed') this.#refuse('malformed');
  }

  #read(body: Buffer): void {
    try {
      for (const { topic, hint } of this.#reader.read(body, (one) => this.#listeners.has(one))) {
        this.#local.publish(topic, hint);
        this.#metrics.hints.inc({ direction: 'in' });
      }
    } catch (error) {
      this.#refuse('malformed', error);
    }
  }
}
