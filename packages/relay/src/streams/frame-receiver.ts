import { UnknownKind } from '@aerogram/cluster';
import { type Clock, type Logger, pause, type Random } from '@aerogram/runtime';
import { type Database, doNoteReturned, doNoteSkipped, type FramePlace, readAppliedSeqs, readHomeStreams, readStreamEpoch } from '@aerogram/storage';
import { BackOff } from '../back-off.ts';
import type { RelayLimits } from '../relay-limits.ts';
import { type Batch, MAX_EPOCHS, readBatch, readPlace, writeAck, writeHello } from '../wire/bodies.ts';
import { type Message, MESSAGE, MESSAGE_BYTES, RelayFault } from '../wire/messages.ts';
import type { KeptFrames } from './kept-frames.ts';
import type { MessagePipe } from './message-pipe.ts';
import type { StoppedStreams } from './stopped-streams.ts';

/** What applies the frames of other homes: the domain. */
export interface AppliesFrames {
  /** Applies frames that follow each other, each once; see `FrameApplier`. @throws what passes */
  applyFrames(first: FramePlace, frames: readonly Uint8Array[]): Promise<void>;
  /** Applies frames that this home had sent and lost. May be repeated. @returns the number of the last that it had sent; undefined: of none is that so */
  restoreFrames(first: FramePlace, frames: readonly Uint8Array[]): Promise<bigint | undefined>;
}

interface ReceiverOptions {
  /** The home that sends, as its certificate says. */
  dc: number;
  db: Database;
  frames: AppliesFrames;
  clock: Clock;
  random: Random;
  log: Logger;
  limits: RelayLimits;
  pipe: MessagePipe;
  stopped: StoppedStreams;
  kept: KeptFrames;
  /** Resolves when nothing is applied any more that an earlier stream of this home has brought. */
  before: Promise<void>;
}

/** The pause while the next frame is of a kind that is not known, in milliseconds. This process will hardly learn it; the next program begins the stream anew. */
const UNKNOWN_MS = 60_000;

/**
 * The most former epochs of this home of which it takes frames back from another home. A restored database does not know all of its former epochs, so it cannot tell the true ones
 * from those that the other home has invented.
 */
export const MAX_FORMER_EPOCHS = 100;

/** A sender keeps to its window; one that does not is cut off. */
const WINDOWS = 4;

/**
 * Receives the frames of another home over one stream, and has them applied in their order. What comes while others are applied is applied together. What fails
 * is tried again, as long as the stream lasts.
 */
export class FrameReceiver {
  /** Resolves when the stream has ended and nothing is applied any more. */
  readonly done: Promise<void>;
  readonly #options: ReceiverOptions;
  readonly #backOff: BackOff;
  readonly #waiting: Message[] = [];
  #waitingBytes = 0;
  #handled = 0;
  readonly #end = new AbortController();
  #wake: (() => void) | undefined;
  #applied = new Map<bigint, bigint>();
  /** The last number that was sent to the other home, by epoch, and the epoch of now. */
  #own = { epoch: 0n, sent: new Map<bigint, bigint>() };

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.limits, options.random);
    this.done = this.#receive().catch((error: unknown) => {
      if (!this.#isEnded) options.log.warn({ dc: options.dc, err: error }, 'could not receive the frames of another data centre');
      options.pipe.end('frames could not be received');
    });
  }

  /** Takes a message of the other end. @throws RelayFault */
  message(message: Message): void {
    this.#waiting.push(message);
    this.#waitingBytes += MESSAGE_BYTES + message.body.length;
    if (this.#waitingBytes > WINDOWS * this.#options.limits.windowBytes) throw new RelayFault('more frames under way than are allowed');
    this.#wake?.();
  }

  /** The stream has ended. */
  ended(): void {
    this.#end.abort();
    this.#wake?.();
  }

  get #isEnded(): boolean {
    return this.#end.signal.aborted;
  }

  async #receive(): Promise<void> {
    const { db, dc, pipe, before } = this.#options;
    await before;
    const streams = await readHomeStreams(db, dc);
    this.#own = { epoch: await readStreamEpoch(db), sent: new Map(streams.map(({ epoch, sent_seq }) => [epoch, sent_seq])) };
    this.#applied = await readAppliedSeqs(db, dc);
    const former = new Map([...this.#own.sent].filter(([epoch]) => epoch !== this.#own.epoch));
    pipe.send(MESSAGE.hello, writeHello({ epoch: this.#own.epoch, applied: this.#applied, former }));
    while (!this.#isEnded) {
      const messages = this.#take();
      if (messages.length > 0) await this.#handle(messages);
      else await new Promise<void>((resolve) => void (this.#wake = resolve));
    }
  }

  /** Takes messages that can be handled together: batches of frames, or one of another kind. */
  #take(): Message[] {
    const { batchBytes } = this.#options.limits;
    let [count, bytes] = [0, 0];
    for (const { kind, body } of this.#waiting) {
      if (count > 0 && (kind !== MESSAGE.frames || this.#waiting[0]!.kind !== MESSAGE.frames || bytes + body.length > batchBytes)) break;
      count++;
      bytes += body.length;
    }
    this.#waitingBytes -= bytes + MESSAGE_BYTES * count;
    return this.#waiting.splice(0, count);
  }

  async #handle(messages: readonly Message[]): Promise<void> {
    const [{ kind, body }] = messages as [Message];
    // Of each epoch, how far it was applied: an acknowledgement names one.
    const places = new Map<bigint, bigint>();
    if (kind === MESSAGE.frames) {
      for (const batch of joinBatches(messages.map((message) => readBatch(message.body)))) {
        const { epoch, seq } = await this.#apply(batch);
        // The last one stays last.
        places.delete(epoch);
        places.set(epoch, seq);
      }
    } else if (kind === MESSAGE.returned) await this.#restore(readBatch(body));
    else if (kind === MESSAGE.skip) {
      const { epoch, seq } = await this.#skip(readPlace(body));
      places.set(epoch, seq);
    } else throw new RelayFault(`a message of the kind ${kind}`);
    if (this.#isEnded) return;
    this.#handled += messages.length;
    if (places.size === 0) places.set(0n, 0n);
    for (const [epoch, seq] of places) this.#options.pipe.send(MESSAGE.ack, writeAck({ handled: this.#handled, epoch, seq }));
  }

  async #apply({ epoch, seq, frames }: Batch): Promise<{ epoch: bigint; seq: bigint }> {
    const { db, dc } = this.#options;
    const last = seq + BigInt(frames.length) - 1n;
    this.#checkEpoch(epoch);
    for (;;) {
      const applied = this.#applied.get(epoch) ?? 0n;
      if (applied >= last || this.#isEnded) return { epoch, seq: applied };
      // The rest may have to wait.
      if (applied >= seq) this.#options.pipe.send(MESSAGE.ack, writeAck({ handled: this.#handled, epoch, seq: applied }));
      if (applied + 1n < seq) throw new RelayFault(`frame ${seq} came after ${applied}`);
      const known = Number(applied + 1n - seq);
      await this.#retry(() => this.#options.frames.applyFrames({ dc, epoch, seq: seq + BigInt(known) }, frames.slice(known)), async () => {
        // Not all of them, if somebody else applies frames of this home too, or the attempt failed.
        const now = (await readAppliedSeqs(db, dc, epoch)).get(epoch) ?? 0n;
        this.#applied.set(epoch, now);
        return now > applied;
      });
      await this.#options.kept.added(dc, frames.slice(known));
    }
  }

  async #restore({ epoch, seq, frames }: Batch): Promise<void> {
    const { db, dc } = this.#options;
    // What is written now cannot have been lost.
    if (epoch === this.#own.epoch) throw new RelayFault('frames of the present epoch were returned');
    const sent = this.#own.sent.get(epoch) ?? 0n;
    const known = sent < seq ? 0 : Number(sent - seq) + 1;
    if (known >= frames.length) return;
    // Passed over, so that what the other home sends itself goes on.
    if (!this.#own.sent.has(epoch) && this.#own.sent.size >= MAX_FORMER_EPOCHS) return this.#options.log.warn({ dc, epoch: String(epoch) }, 'another data centre has returned frames of too many epochs');
    let isDone = false;
    let last: bigint | undefined;
    await this.#retry(async () => {
      last = await this.#options.frames.restoreFrames({ dc, epoch, seq: seq + BigInt(known) }, frames.slice(known));
      // Nobody else says how far this home had come.
      if (last !== undefined) {
        await doNoteReturned(db, { dc, epoch, seq: last });
        this.#own.sent.set(epoch, last);
      }
      isDone = true;
    }, async () => isDone);
    if (last !== undefined) this.#options.log.info({ event: 'home_frames_returned', dc, frames: frames.length - known }, 'another data centre has returned what this one had sent and lost');
  }

  /** @throws RelayFault for one epoch more than this home could tell the other again */
  #checkEpoch(epoch: bigint): void {
    if (!this.#applied.has(epoch) && this.#applied.size >= MAX_EPOCHS) throw new RelayFault('frames of too many epochs');
  }

  async #skip({ epoch, seq }: { epoch: bigint; seq: bigint }): Promise<{ epoch: bigint; seq: bigint }> {
    const { db, dc, log } = this.#options;
    this.#checkEpoch(epoch);
    const lost = await doNoteSkipped(db, { dc, epoch, seq });
    if (lost > 0n) log.error({ event: 'home_frames_lost', dc, epoch: String(epoch), frames: Number(lost) }, 'frames of another data centre are lost: it does not have them any more');
    if (seq > (this.#applied.get(epoch) ?? 0n)) this.#applied.set(epoch, seq);
    return { epoch, seq: this.#applied.get(epoch)! };
  }

  /** Tries something until it has got on, with pauses, as long as the stream lasts. */
  async #retry(attempt: () => Promise<void>, hasGotOn: () => Promise<boolean>): Promise<void> {
    const { clock, dc, log, stopped } = this.#options;
    for (;;) {
      let pauseMs: number | undefined;
      try {
        await attempt();
        if (await hasGotOn()) {
          await stopped.goesOn(dc);
          return this.#backOff.succeeded();
        }
      } catch (error) {
        if (await hasGotOn().catch(() => false)) return;
        if (error instanceof UnknownKind) {
          pauseMs = UNKNOWN_MS;
          await stopped.stopped(dc, error.kind);
        } else log.warn({ dc, err: error }, 'could not apply frames of another data centre');
      }
      if (this.#isEnded) return;
      await pause(clock, pauseMs ?? this.#backOff.nextMs(), this.#end.signal);
      if (this.#isEnded) return;
    }
  }
}

/** Joins batches of which each begins after the end of the one before. */
function joinBatches(batches: readonly Batch[]): Batch[] {
  const joined: { epoch: bigint; seq: bigint; frames: Uint8Array[] }[] = [];
  for (const { epoch, seq, frames } of batches) {
    const last = joined.at(-1);
    if (last !== undefined && last.epoch === epoch && last.seq + BigInt(last.frames.length) === seq) last.frames.push(...frames);
    else joined.push({ epoch, seq, frames: [...frames] });
  }
  return joined;
}
