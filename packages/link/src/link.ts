import type { Duplex } from 'node:stream';
import type { Clock, Logger, Metrics, TimerHandle } from '@aerogram/runtime';
import { agreeOnVersion, type Greeting, readGreeting, readRequest, VERSIONS, writeGreeting } from './bodies.ts';
import { type Frame, FRAME, FrameReader, LinkFault } from './frames.ts';
import { Inbox } from './inbox.ts';
import { linkBytes } from './link-metrics.ts';
import { type CallHandler, LinkCalls } from './link-calls.ts';
import { type ChannelHandler, LinkChannels } from './link-channels.ts';
import { Outbox } from './outbox.ts';

/** Bounds of each link. */
export interface LinkLimits {
  /** How often each end says that it is there, in milliseconds. */
  beatMs: number;
  /** A link over which nothing came for this long is ended, in milliseconds. The greeting has as long, and so has a TLS handshake. */
  silentMs: number;
  /** A link whose other end reads nothing for this long, while bytes wait for it, is ended, in milliseconds. */
  stalledMs: number;
  /** The most bytes that may wait to be sent; further calls are refused. Also the most bytes of bodies received in pieces that are not complete yet. */
  maxWaitingBytes: number;
  /** The longest body of one call or one answer, in bytes. */
  maxBodyBytes: number;
  /** The most calls under way in each direction. */
  maxCalls: number;
  /** The most channels that each end may open. */
  maxChannels: number;
}

/** The limits unless others are chosen. */
export const LINK_LIMITS: LinkLimits = {
  beatMs: 1000, silentMs: 3000, stalledMs: 10_000, maxWaitingBytes: 16 * 1024 * 1024, maxBodyBytes: 2 * 1024 * 1024, maxCalls: 16_384,
  maxChannels: 65_536,
};

/** What a link needs of the one who made it. */
export interface LinkOptions {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  limits: LinkLimits;
  self: { name: string; token: bigint };
  /** The end that opened the connection greets first, and the other one only when it has accepted that. */
  isOpener: boolean;
  calls: ReadonlyMap<string, CallHandler>;
  tells: ReadonlyMap<string, (body: Uint8Array, from: string) => void>;
  /** Judges the greeting of the other end. @throws LinkFault if it may have no link */
  judge(greeting: Greeting): void;
  /** Decides about channels that the other end opens. */
  channelHandler(): ChannelHandler | undefined;
  onUp(link: Link): void;
  /** Called once, whether the link was up or not. */
  onEnd(link: Link, reason: string): void;
}

/** Bytes that are handed to the connection at once, and that may wait in it. */
const WRITE_BYTES = 128 * 1024;

/**
 * One connection to another node, from the greetings on. It is up when both ends have accepted each other: at the opener with the greeting of the other end, and there with the
 * first frame after it.
 */
export class Link {
  readonly calls: LinkCalls;
  readonly channels: LinkChannels;
  readonly #socket: Duplex;
  readonly #options: LinkOptions;
  readonly #outbox = new Outbox();
  readonly #reader = new FrameReader();
  readonly #inbox: Inbox;
  readonly #timer: TimerHandle;
  #peer: Greeting | undefined;
  #state: 'greeting' | 'answered' | 'up' | 'ended' = 'greeting';
  #heardMs: number;
  #stalledMs: number | undefined;
  #willWrite = false;

  constructor(socket: Duplex, options: LinkOptions) {
    this.#socket = socket;
    this.#options = options;
    const { clock, limits } = options;
    this.#inbox = new Inbox({ maxBodyBytes: limits.maxBodyBytes + 512, maxBytes: limits.maxWaitingBytes });
    this.#heardMs = clock.monotonicMs();
    this.calls = new LinkCalls({ ...options, send: (frame) => this.#send(frame), hasRoom: (bytes) => this.#hasRoom(bytes), nameOf: () => this.name });
    this.channels = new LinkChannels({ ...options, send: (frame) => this.#send(frame), handler: () => options.channelHandler(), nameOf: () => this.name });
    this.#timer = clock.setInterval(() => this.#tick(), limits.beatMs);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('error', (error: Error) => this.end(error.message));
    socket.on('end', () => this.end('the other end closed it'));
    socket.on('close', () => this.end('the connection closed'));
  }

  /** Of the other end; empty before it has greeted. */
  get name(): string {
    return this.#peer?.name ?? '';
  }

  /** The incarnation of the other end. */
  get token(): bigint | undefined {
    return this.#peer?.token;
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** Sends the greeting: to be called once at the opener, when it knows who the other end is. */
  greet(): void {
    this.#outbox.addUrgent(FRAME.greeting, writeGreeting({ ...VERSIONS, ...this.#options.self }));
    this.#plan();
  }

  /** Sends something that needs no answer. The order of these is kept. @returns false if there is no room for it, or no link any more */
  tell(request: Uint8Array): boolean {
    if (!this.isUp || !this.#hasRoom(request.length)) return false;
    this.#send({ kind: FRAME.tell, channel: 0, body: request });
    return true;
  }

  /** Ends the link at once; calls under way reject. */
  end(reason: string): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#timer.cancel();
    this.#socket.destroy();
    this.calls.end(reason);
    this.channels.end();
    this.#options.onEnd(this, reason);
  }

  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  #hasRoom(bytes: number): boolean {
    return this.#outbox.bytes + bytes <= this.#options.limits.maxWaitingBytes;
  }

  #send(frame: { kind: number; channel: number; body: Uint8Array; onSent?: () => void }): void {
    if (this.#state === 'ended') return;
    this.#outbox.add(frame);
    this.#plan();
  }

  /** What is sent in one turn of the event loop is written at once. */
  #plan(): void {
    if (this.#willWrite) return;
    this.#willWrite = true;
    setImmediate(() => {
      this.#willWrite = false;
      this.#write();
    });
  }

  #write(): void {
    while (this.#state !== 'ended' && this.#stalledMs === undefined) {
      const bytes = this.#outbox.take(WRITE_BYTES);
      if (!bytes) return;
      this.#options.metrics.counter(linkBytes).inc({ direction: 'out' }, bytes.length);
      this.#socket.write(bytes);
      if (this.#socket.writableNeedDrain && this.#socket.writableLength >= WRITE_BYTES) this.#stalledMs = this.#options.clock.monotonicMs();
    }
  }

  #drained(): void {
    this.#stalledMs = undefined;
    this.#write();
  }

  #tick(): void {
    const { clock, limits } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#heardMs >= limits.silentMs) return this.end(this.isUp ? 'nothing came for too long' : 'no greeting came');
    if (this.#stalledMs !== undefined && nowMs - this.#stalledMs >= limits.stalledMs) return this.end('the other end reads nothing');
    // While bytes wait in the connection, they say as much.
    if (this.isUp && this.#stalledMs === undefined) this.#beat();
  }

  #beat(): void {
    this.#outbox.addUrgent(FRAME.beat, new Uint8Array());
    this.#plan();
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'ended') return;
    this.#options.metrics.counter(linkBytes).inc({ direction: 'in' }, chunk.length);
    try {
      for (const frame of this.#reader.read(chunk)) {
        this.#take(frame);
        // What came before may have ended it.
        if (this.#isEnded()) return;
      }
      // A stranger who sends a little now and then gets no more time for the greeting.
      if (this.isUp) this.#heardMs = this.#options.clock.monotonicMs();
    } catch (error) {
      if (!(error instanceof LinkFault)) this.#options.log.error({ err: error, node: this.name }, 'a frame of a link could not be handled');
      this.end(error instanceof LinkFault ? error.message : 'a frame could not be handled');
    }
  }

  #take(frame: Frame): void {
    if (this.#state === 'greeting') return this.#takeGreeting(frame);
    if (frame.kind === FRAME.greeting) throw new LinkFault('a second greeting');
    if (this.#state === 'answered') this.#up();
    if (frame.kind === FRAME.beat) return;
    const body = this.#inbox.take(frame);
    if (!body) return;
    if (frame.kind === FRAME.channel) this.channels.take(frame.channel, body);
    else if (frame.kind === FRAME.tell) this.#takeTell(body);
    else this.calls.take(frame.kind, frame.channel, body);
  }

  #takeGreeting({ kind, body, isPart }: Frame): void {
    if (kind !== FRAME.greeting || isPart) throw new LinkFault('no greeting');
    const greeting = readGreeting(body);
    agreeOnVersion(VERSIONS, greeting);
    this.#options.judge(greeting);
    this.#peer = greeting;
    if (this.#options.isOpener) {
      // Tells the other end that its greeting was accepted.
      this.#beat();
      this.#up();
    } else {
      this.#state = 'answered';
      this.greet();
    }
  }

  #up(): void {
    this.#state = 'up';
    this.#heardMs = this.#options.clock.monotonicMs();
    this.#options.onUp(this);
  }

  #takeTell(bytes: Uint8Array): void {
    const { kind, body } = readRequest(bytes);
    try {
      this.#options.tells.get(kind)?.(body, this.name);
    } catch (error) {
      this.#options.log.error({ err: error, node: this.name, kind }, 'what another node told could not be handled');
    }
  }
}
