import type { ServerHttp2Stream } from 'node:http2';
import type { Clock, Logger, Metrics, Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { WaitingLimits } from './home-table.ts';
import type { RelayLimits } from './relay-limits.ts';
import { type AppliesFrames, FrameReceiver } from './streams/frame-receiver.ts';
import { KeptFrames } from './streams/kept-frames.ts';
import { type MessagePipe, openPipe } from './streams/message-pipe.ts';
import { StoppedStreams } from './streams/stopped-streams.ts';

interface IncomingOptions {
  db: Database;
  metrics: Metrics;
  waiting: Pick<WaitingLimits, 'linkKeptBytesMax'>;
  frames: AppliesFrames;
  clock: Clock;
  random: Random;
  log: Logger;
  limits: RelayLimits;
}

/** The streams of frames from other homes: one for each of them, which is the newest. */
export class IncomingFrames implements AsyncDisposable {
  readonly #options: IncomingOptions;
  readonly #pipes = new Map<number, MessagePipe>();
  /** Resolves when nothing of a home is applied. */
  readonly #done = new Map<number, Promise<void>>();
  readonly #stopped: StoppedStreams;
  readonly #kept: KeptFrames;

  constructor(options: IncomingOptions) {
    this.#options = options;
    this.#stopped = new StoppedStreams(options);
    this.#kept = new KeptFrames({ ...options, mostBytes: options.waiting.linkKeptBytesMax });
  }

  /** Takes a stream of a home; an older one of that home ends. */
  take(stream: ServerHttp2Stream, dc: number): void {
    this.#pipes.get(dc)?.end('the other home has opened another stream');
    stream.respond({ ':status': 200 });
    const pipe = openPipe(stream, {
      message: (message) => receiver.message(message),
      ended: () => {
        if (this.#pipes.get(dc) === pipe) this.#pipes.delete(dc);
        receiver.ended();
      },
    });
    const receiver = new FrameReceiver({ ...this.#options, dc, pipe, stopped: this.#stopped, kept: this.#kept, before: this.#done.get(dc) ?? Promise.resolve() });
    this.#pipes.set(dc, pipe);
    this.#done.set(dc, receiver.done);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pipe of this.#pipes.values()) pipe.end('this process ends');
    await Promise.all(this.#done.values());
  }
}
