import type { Clock, Logger, Metrics, TimerHandle } from '@aerogram/runtime';
import { type Database, doNoteAcknowledged, type KeptFrame, readAppliedSeqs, readHomeStreams, readKeptFrames, Wakeup } from '@aerogram/storage';
import type { WaitingLimits } from '../home-table.ts';
import type { RelayLimits } from '../relay-limits.ts';
import { type Hello, readAck, readHello, writeBatch, writePlace } from '../wire/bodies.ts';
import { type Message, MESSAGE, MESSAGE_BYTES, RelayFault } from '../wire/messages.ts';
import { trimSent } from './kept-frames.ts';
import type { MessagePipe } from './message-pipe.ts';

interface SenderOptions {
  /** The home that the frames are for. */
  dc: number;
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  waiting: Pick<WaitingLimits, 'linkKeptBytesMax'>;
  limits: RelayLimits;
  pipe: MessagePipe;
  /** The other home knows frames of the present epoch that this database has lost. */
  onOverrun(epoch: bigint): Promise<void>;
}

/**
 * Sends the frames for another home over one stream, in the order of their epochs and numbers, from where that home says that it is. First it returns to that home
 * what it had sent in former epochs and does not know of any more.
 */
export class FrameSender {
  readonly #options: SenderOptions;
  readonly #frames: Wakeup;
  readonly #room: Wakeup;
  /** Resolves with the first message of the other end, or when the stream has ended. */
  readonly #hello: Promise<Hello | undefined>;
  #helloCame!: (hello: Hello | undefined) => void;
  /** The bytes of the messages that the other end has not dealt with, the oldest first. */
  readonly #underWay: number[] = [];
  #underWayBytes = 0;
  #handled = 0;
  /** What the other end has applied, by epoch, as far as it is not written down. */
  readonly #acknowledged = new Map<bigint, bigint>();
  #noting: TimerHandle | undefined;
  #isEnded = false;
  readonly #run: Promise<void>;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#frames = new Wakeup(options.clock);
    this.#room = new Wakeup(options.clock);
    this.#hello = new Promise((resolve) => {
      this.#helloCame = resolve;
    });
    this.#run = this.#send().catch((error: unknown) => {
      if (this.#isEnded) return;
      options.log.warn({ dc: options.dc, err: error }, 'could not send frames to another data centre');
      options.pipe.end('frames could not be sent');
    });
  }

  get #batch(): { most: number; mostBytes: number } {
    return { most: this.#options.limits.batchFrames, mostBytes: this.#options.limits.batchBytes };
  }

  /** There are more frames to send. */
  wake(): void {
    this.#frames.wake();
  }

  /** Takes a message of the other end. @throws RelayFault */
  message({ kind, body }: Message): void {
    if (kind === MESSAGE.hello) return this.#helloCame(readHello(body));
    if (kind !== MESSAGE.ack) throw new RelayFault(`a message of the kind ${kind}`);
    const { handled, epoch, seq } = readAck(body);
    if (handled < this.#handled || handled > this.#handled + this.#underWay.length) throw new RelayFault('an acknowledgement of what was not sent');
    for (; this.#handled < handled; this.#handled++) this.#underWayBytes -= this.#underWay.shift()!;
    this.#room.wake();
    if (epoch === 0n) return;
    this.#acknowledged.set(epoch, seq);
    this.#noting ??= this.#options.clock.setTimeout(() => void this.#note(), this.#options.limits.ackMs);
  }

  /** The stream has ended. Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    this.#isEnded = true;
    this.#helloCame(undefined);
    this.#frames.wake();
    this.#room.wake();
    await this.#run;
    this.#noting?.cancel();
    await this.#note();
  }

  async #send(): Promise<void> {
    const hello = await this.#hello;
    if (hello === undefined) return;
    await this.#returnLost(hello);
    const places = new Map<bigint, bigint>();
    while (!this.#isEnded) {
      const present = await this.#sendWaiting(hello, places);
      // Mostly there is more of the present epoch, which is found without a look at the streams.
      do {
        await this.#frames.sleep(this.#options.limits.pollMs);
        await this.#gather();
      } while (present !== undefined && (await this.#sendFollowing(present, places)));
    }
  }

  /** Waits until the other end has dealt with what was sent, so that what is written meanwhile is sent together; but not for long. */
  async #gather(): Promise<void> {
    const { clock, limits } = this.#options;
    const untilMs = clock.monotonicMs() + limits.gatherMs;
    for (let leftMs = limits.gatherMs; this.#underWay.length > 0 && leftMs > 0 && !this.#isEnded; leftMs = untilMs - clock.monotonicMs()) await this.#room.sleep(leftMs);
  }

  /** Returns the frames that the other home had sent in other epochs than its present one, and does not know of. */
  async #returnLost({ epoch: present, former }: Hello): Promise<void> {
    const { db, dc } = this.#options;
    for (const [epoch, applied] of await readAppliedSeqs(db, dc)) {
      if (epoch === present) continue;
      let after = former.get(epoch) ?? 0n;
      while (after < applied && !this.#isEnded) {
        const rows = await readKeptFrames(db, 'inbox', { dc, epoch, after, ...this.#batch });
        if (rows.length === 0) break;
        after = rows.at(-1)!.seq;
        for (const run of runsOf(rows)) await this.#write(MESSAGE.returned, writeBatch({ epoch, ...run }));
      }
    }
  }

  /** Sends what follows in a stream. @returns whether there was something */
  async #sendFollowing(epoch: bigint, places: Map<bigint, bigint>): Promise<boolean> {
    if (this.#isEnded) return false;
    const after = places.get(epoch)!;
    const sent = await this.#sendBatch(epoch, after);
    places.set(epoch, sent);
    return sent > after;
  }

  /** Sends all that waits now. @param places up to where each stream was sent @returns the present epoch, if anything was sent in it */
  async #sendWaiting(hello: Hello, places: Map<bigint, bigint>): Promise<bigint | undefined> {
    const { db, dc } = this.#options;
    let present: bigint | undefined;
    for (const { epoch, sent_seq, acked_seq, is_present } of await readHomeStreams(db, dc)) {
      if (!places.has(epoch)) {
        const applied = hello.applied.get(epoch) ?? 0n;
        if (applied > sent_seq && is_present) {
          await this.#options.onOverrun(epoch);
          throw new Error('another data centre has applied more frames of this epoch than were sent');
        }
        places.set(epoch, applied);
        if (applied !== acked_seq) await this.#noteApplied(epoch, applied);
      }
      for (let after = places.get(epoch)!; after < sent_seq && !this.#isEnded; after = places.get(epoch)!) places.set(epoch, await this.#sendBatch(epoch, after, sent_seq));
      if (is_present) present = epoch;
    }
    return present;
  }

  /** Sends the next frames of a stream. @param last the last one that was written for it, as far as is known @returns the number of the last one that was sent */
  async #sendBatch(epoch: bigint, after: bigint, last = after): Promise<bigint> {
    const { db, dc } = this.#options;
    const rows = await readKeptFrames(db, 'outbox', { dc, epoch, after, ...this.#batch });
    if (rows.length === 0) return last > after ? this.#skip(epoch, last) : after;
    for (const run of runsOf(rows)) {
      if (run.seq > after + 1n) await this.#skip(epoch, run.seq - 1n);
      await this.#write(MESSAGE.frames, writeBatch({ epoch, ...run }));
      after = run.seq + BigInt(run.frames.length) - 1n;
    }
    const { most, mostBytes } = this.#batch;
    // There are more.
    if (rows.length === most || rows.reduce((sum, { frame }) => sum + frame.length, 0) >= mostBytes) this.#frames.wake();
    return after;
  }

  /** Tells the other home that the frames up to a number are not kept any more. They are counted as lost when it has acknowledged that. */
  async #skip(epoch: bigint, seq: bigint): Promise<bigint> {
    await this.#write(MESSAGE.skip, [writePlace({ epoch, seq })]);
    return seq;
  }

  /** Writes a message when there is room for it. */
  async #write(kind: number, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, part) => sum + part.length, MESSAGE_BYTES);
    while (this.#underWay.length > 0 && this.#underWayBytes + bytes > this.#options.limits.windowBytes && !this.#isEnded) await this.#room.sleep(this.#options.limits.pollMs);
    if (this.#isEnded) return;
    this.#underWay.push(bytes);
    this.#underWayBytes += bytes;
    this.#options.pipe.send(kind, ...parts);
  }

  async #noteApplied(epoch: bigint, seq: bigint): Promise<void> {
    const { db, dc, log, waiting } = this.#options;
    const { lost, keptBytes } = await doNoteAcknowledged(db, { dc, epoch, seq });
    if (lost > 0n) log.error({ event: 'home_frames_lost', dc, epoch: String(epoch), frames: Number(lost) }, 'frames for another data centre are lost: it needed older ones than are kept');
    await trimSent({ ...this.#options, mostBytes: waiting.linkKeptBytesMax }, dc, keptBytes);
  }

  async #note(): Promise<void> {
    const { dc, log } = this.#options;
    this.#noting = undefined;
    const places = [...this.#acknowledged];
    this.#acknowledged.clear();
    try {
      for (const [epoch, seq] of places) await this.#noteApplied(epoch, seq);
    } catch (error) {
      // The next acknowledgement, or the next greeting, says it again.
      log.debug({ dc, err: error }, 'could not note what another data centre has applied');
    }
  }
}

/** Parts the frames where numbers are missing. */
function runsOf(rows: readonly KeptFrame[]): { seq: bigint; frames: Uint8Array[] }[] {
  const runs: { seq: bigint; frames: Uint8Array[] }[] = [];
  for (const { seq, frame } of rows) {
    const run = runs.at(-1);
    if (run !== undefined && run.seq + BigInt(run.frames.length) === seq) run.frames.push(frame);
    else runs.push({ seq, frames: [frame] });
  }
  return runs;
}
