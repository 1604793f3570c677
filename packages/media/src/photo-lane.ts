import type { Clock, Logger, Metrics } from '@aerogram/runtime';

import { FairQueue } from './fair-queue.ts';
import { createPhotoMetrics, type PhotoMetrics } from './photo-metrics.ts';
import { PhotoProcess } from './photo-process.ts';
import { detectPictureType, TYPE_BYTES } from './picture-type.ts';
import type { PhotoResult } from './protocol.ts';

/** The most photos that wait in one process of the server, and the most of one account. What waits holds no bytes of the picture. */
const WAITING_MAX = 1000;
const WAITING_PER_ACCOUNT = 50;
/** How long a photo may wait for its turn, in milliseconds. Its client then repeats the call. */
const WAIT_MS = 60_000;
/** How much CPU time making a photo may take, in milliseconds. */
const CPU_MS = 20_000;
/** How long making a photo may take, in milliseconds, however little CPU a busy machine gives it. */
const JOB_MS = 60_000;

/** What became of a photo. `busy`: too many wait, or the machine has no time for it; the call can be repeated. `unavailable`: sharp cannot be loaded here. */
export type LaneResult = PhotoResult | { outcome: 'busy' } | { outcome: 'unavailable' };

/** Options of a {@link PhotoLane}. */
export interface PhotoLaneOptions {
  /** The built program of its processes. */
  file: string;
  /** How many processes work at once. */
  processes: number;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** How long making a photo may take, in milliseconds; only tests change it. */
  jobMs?: number;
  /** How much CPU time it may take, in milliseconds; only tests change it. */
  cpuMs?: number;
  waitingMax?: number;
}

interface Job {
  account: bigint;
  read: () => Promise<Uint8Array>;
  /** Takes the job out of the count of those that wait. */
  begin(): void;
  resolve(result: LaneResult): void;
  reject(error: unknown): void;
}

/**
 * Makes photos in processes of its own: a picture that crashes or stops a process stops nothing else. Accounts take turns. Processes start with the first photo.
 */
export class PhotoLane implements AsyncDisposable {
  readonly #options: PhotoLaneOptions;
  readonly #queue: FairQueue<Job>;
  readonly #metrics: PhotoMetrics;
  readonly #idle: PhotoProcess[] = [];
  readonly #working = new Set<Promise<void>>();
  readonly #processes = new Set<PhotoProcess>();
  #isClosed = false;
  /** Set when sharp cannot be loaded. Only a restart of the server changes that. */
  #isUnavailable = false;

  constructor(options: PhotoLaneOptions) {
    this.#options = options;
    this.#metrics = createPhotoMetrics(options.metrics);
    this.#queue = new FairQueue({ max: options.waitingMax ?? WAITING_MAX, maxPerAccount: WAITING_PER_ACCOUNT });
  }

  /** Number of photos that wait for their turn. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Makes the sizes of a photo.
   * @param account whose turn it takes
   * @param read with a length, reads so many of its first bytes; without, all of them, which is asked when its turn has come. Its errors are passed on
   */
  async make(account: bigint, read: (length?: number) => Promise<Uint8Array>): Promise<LaneResult> {
    const isPicture = detectPictureType(await read(TYPE_BYTES)) !== undefined;
    const result: LaneResult = isPicture ? await this.#enqueue(account, read) : { outcome: 'refused', reason: 'type' };
    this.#metrics.results.inc({ result: result.outcome === 'refused' ? result.reason : result.outcome });
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#emptyQueue({ outcome: 'busy' });
    await Promise.all([...this.#processes].map((process) => process[Symbol.asyncDispose]()));
    await Promise.all(this.#working);
  }

  #enqueue(account: bigint, read: () => Promise<Uint8Array>): Promise<LaneResult> {
    if (this.#isUnavailable) return Promise.resolve({ outcome: 'unavailable' });
    if (this.#isClosed) return Promise.resolve({ outcome: 'busy' });
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.setTimeout(() => {
        if (!this.#queue.remove(account, job)) return;
        this.#metrics.waiting.set(this.#queue.size);
        resolve({ outcome: 'busy' });
      }, WAIT_MS);
      const job: Job = { account, read, begin: () => timer.cancel(), resolve, reject };
      if (this.#queue.add(account, job)) {
        this.#metrics.waiting.set(this.#queue.size);
        return this.#feed();
      }
      timer.cancel();
      resolve({ outcome: 'busy' });
    });
  }

  /** Gives the next jobs to processes that have nothing to do. */
  #feed(): void {
    while (this.#working.size < this.#options.processes && !this.#isClosed) {
      const job = this.#queue.take();
      if (job === undefined) return;
      this.#metrics.waiting.set(this.#queue.size);
      job.begin();
      const work = this.#work(job).finally(() => {
        this.#working.delete(work);
        this.#feed();
      });
      this.#working.add(work);
    }
  }

  async #work(job: Job): Promise<void> {
    const fromMs = this.#options.clock.monotonicMs();
    try {
      const process = await this.#findProcess();
      job.resolve(process === undefined ? { outcome: this.#isUnavailable ? 'unavailable' : 'busy' } : await this.#makeIn(process, job));
    } catch (error) {
      job.reject(error);
    } finally {
      this.#metrics.seconds.observe((this.#options.clock.monotonicMs() - fromMs) / 1000);
    }
  }

  async #makeIn(process: PhotoProcess, { read }: Job): Promise<LaneResult> {
    try {
      return await process.make(await read(), this.#options.jobMs ?? JOB_MS);
    } finally {
      if (process.hasEnded) {
        this.#processes.delete(process);
        this.#noteFailure(process);
      } else {
        this.#idle.push(process);
      }
    }
  }

  #noteFailure({ pid }: PhotoProcess): void {
    if (this.#isClosed) return;
    this.#metrics.failures.inc();
    this.#options.log.warn({ pid }, 'a process that makes photos has crashed or was stopped because it took too long');
  }

  /** An idle process, or a new one. @returns undefined if sharp cannot be loaded, or no process can be started now */
  async #findProcess(): Promise<PhotoProcess | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.hasEnded) return idle;
      this.#processes.delete(idle);
    }
    const { file, clock, log, cpuMs = CPU_MS } = this.#options;
    const process = new PhotoProcess(file, cpuMs, clock);
    this.#processes.add(process);
    try {
      const state = await process.started;
      if (state.kind === 'ready') return process;
      this.#isUnavailable = true;
      log.warn({ reason: state.reason }, 'sharp cannot be loaded, so photos are refused');
      this.#emptyQueue({ outcome: 'unavailable' });
    } catch (error) {
      if (!this.#isClosed) log.error({ err: error }, 'a process that makes photos cannot be started');
      this.#metrics.failures.inc();
    }
    this.#processes.delete(process);
    await process[Symbol.asyncDispose]();
    return undefined;
  }

  #emptyQueue(result: LaneResult): void {
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) {
      job.begin();
      job.resolve(result);
    }
    this.#metrics.waiting.set(0);
  }
}
