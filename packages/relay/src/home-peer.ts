import type { ClientHttp2Session } from 'node:http2';
import { HomeAway } from '@aerogram/cluster';
import { type Clock, type Endpoint, type Logger, type Metrics, type Random, type TimerHandle, TokenBuckets } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { BackOff } from './back-off.ts';
import { askHome, describeStatus, LOGGED } from './calls/ask.ts';
import { Breaker } from './calls/breaker.ts';
import type { WaitingLimits } from './home-table.ts';
import type { HomeIdentity } from './identity/home-identity.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { MayDial } from './sessions/guarded-lookup.ts';
import { OutgoingSession } from './sessions/outgoing-session.ts';
import type { RefusingSide } from './sessions/refusals.ts';
import type { HomeProof } from './sessions/tls.ts';
import { FrameSender } from './streams/frame-sender.ts';
import { type MessagePipe, openPipe } from './streams/message-pipe.ts';
import { writeHint } from './wire/bodies.ts';
import { MESSAGE, writeMessage } from './wire/messages.ts';

/** The request whose body is the stream of frames. */
export const FRAMES_PATH = '/frames';

/** The request whose body is the stream of hints. */
export const HINTS_PATH = '/hints';

interface PeerOptions {
  identity: HomeIdentity;
  dc: number;
  db: Database;
  clock: Clock;
  random: Random;
  log: Logger;
  metrics: Metrics;
  waiting: Pick<WaitingLimits, 'linkKeptBytesMax'>;
  limits: RelayLimits;
  /** Whether this process sends the frames, as one does for all of the home. */
  sends(): boolean;
  onState(): void;
  mayDial: MayDial;
  /** See `OutgoingSession`. */
  isGood(proof: HomeProof): boolean;
  onRefused(side: RefusingSide, address: string): void;
  /** See `FrameSender`. */
  onOverrun(epoch: bigint): Promise<void>;
}

/** What this process sends to another home: frames, questions and hints. */
export class HomePeer implements AsyncDisposable {
  readonly #options: PeerOptions;
  readonly #session: OutgoingSession;
  readonly #breaker: Breaker;
  readonly #backOff: BackOff;
  readonly #logged: TokenBuckets;
  #sender: FrameSender | undefined;
  #pipe: MessagePipe | undefined;
  #isEnded = false;
  #ending: Promise<void> = Promise.resolve();
  #retry: TimerHandle | undefined;
  #hints: ReturnType<ClientHttp2Session['request']> | undefined;
  #asks = 0;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#breaker = new Breaker(options);
    this.#backOff = new BackOff(options.limits, options.random);
    this.#logged = new TokenBuckets(options.clock, LOGGED);
    const { log, dc, onState } = options;
    this.#session = new OutgoingSession({
      ...options,
      onUp: () => {
        log.info({ event: 'home_link_up', dc }, 'there is a link to another data centre');
        onState();
        this.sendIfHeld();
      },
      onDown: (reason) => {
        log.warn({ event: 'home_link_down', dc, reason }, 'the link to another data centre ended');
        onState();
      },
    });
  }

  /** Whether the link stands. */
  get isUp(): boolean {
    return this.#session.up !== undefined;
  }

  /** See `OutgoingSession.setTargets`. */
  setTargets(targets: readonly Endpoint[]): void {
    this.#session.setTargets(targets);
  }

  /** See `OutgoingSession.endIfRevoked`. */
  endIfRevoked(): void {
    this.#session.endIfRevoked();
  }

  /** See `OutgoingSession.renew`. */
  renew(): void {
    this.#session.renew();
  }

  /** The other home has opened a link, so it can be reached. */
  dialNow(): void {
    this.#session.dialNow();
  }

  /** There are more frames to send. */
  wake(): void {
    this.#sender?.wake();
  }

  /** Begins to send frames if this process is to and does not do it yet, or ends it if it is not to any more. */
  sendIfHeld(): void {
    const session = this.#session.up;
    if (!this.#options.sends()) return this.#pipe?.end('another process sends the frames');
    if (session === undefined || this.#sender !== undefined || this.#retry !== undefined || this.#isEnded) return;
    const { clock } = this.#options;
    const stream = session.request({ ':method': 'POST', ':path': FRAMES_PATH });
    const beganMs = clock.monotonicMs();
    const pipe = openPipe(stream, {
      message: (message) => sender.message(message),
      ended: (reason) => {
        this.#sender = undefined;
        this.#pipe = undefined;
        this.#ending = sender.ended();
        if (this.#isEnded) return;
        if (clock.monotonicMs() - beganMs > this.#options.limits.retryLastMs) this.#backOff.succeeded();
        this.#options.log.debug({ dc: this.#options.dc, reason }, 'a stream of frames to another data centre ended');
        this.#retry = clock.setTimeout(() => {
          this.#retry = undefined;
          void this.#ending.then(() => this.sendIfHeld());
        }, this.#backOff.nextMs());
      },
    });
    const sender = new FrameSender({ ...this.#options, pipe });
    this.#sender = sender;
    this.#pipe = pipe;
  }

  /** See `OtherHomes.ask`. Why it did not answer only the log tells apart: whoever asks does without the answer in any case. @throws HomeAway */
  async ask(name: string, body: Uint8Array): Promise<Uint8Array> {
    const { dc, limits, log } = this.#options;
    const session = this.#session.up;
    if (session === undefined || this.#asks >= limits.maxAsks || !this.#breaker.admits()) throw new HomeAway(dc);
    this.#asks++;
    try {
      const answer = await askHome(session, { dc, name, body }, this.#options);
      this.#breaker.succeeded();
      if (typeof answer !== 'number') return answer;
      if (this.#logged.take(String(dc), 1) === 0) log.warn({ dc, question: name, status: answer }, describeStatus(answer));
    } catch (error) {
      this.#breaker.failed();
      throw error;
    } finally {
      this.#asks--;
    }
    throw new HomeAway(dc);
  }

  /** See `OtherHomes.hint`. */
  hint(name: string, body: Uint8Array): void {
    const session = this.#session.up;
    const { maxHintBytes, maxHintsWaiting } = this.#options.limits;
    if (session === undefined || name.length + body.length > maxHintBytes) return;
    if (this.#hints === undefined || this.#hints.session !== session || this.#hints.destroyed) {
      this.#hints = session.request({ ':method': 'POST', ':path': HINTS_PATH });
      this.#hints.on('error', () => undefined).resume();
    }
    if (this.#hints.writableLength <= maxHintsWaiting) this.#hints.write(writeMessage(MESSAGE.hint, ...writeHint(name, body)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    this.#pipe?.end('this process ends');
    this.#session[Symbol.dispose]();
    this.#retry?.cancel();
    await this.#ending;
  }
}
