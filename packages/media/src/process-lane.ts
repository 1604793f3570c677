import type { Clock, Logger } from '@aerogram/runtime';

import type { LaneMetrics } from './lane-metrics.ts';
import { BUSY } from './protocol.ts';
import { WaitingQueue } from './waiting-queue.ts';
import { type ReadRange, type TaskResult, WorkerProcess } from './worker-process.ts';

/** The most tasks of one rank of a lane that wait in one process of the server. */
const WAITING_MAX = 1000;
/** The most tasks of one account that wait. */
const WAITING_PER_ACCOUNT = 50;
/** How long a task may wait for its turn, in milliseconds. */
const WAIT_MS = 60_000;
/** How much CPU time a task may take, in milliseconds, with what its process starts. */
const CPU_MS = 8000;
/** About how much CPU time a new process takes until it works, in milliseconds. */
const START_CPU_MS = 250;
/** How long a task may take, in milliseconds, however little CPU a busy machine gives it. */
const JOB_MS = 60_000;

/** What became of a task. `unavailable`: a library cannot be loaded here. */
export type LaneResult<Result> = TaskResult<Result> | { outcome: 'unavailable' };

/** The CPU time that accounts may use, and have used, for their files. */
export interface CpuAccounts {
  /** Milliseconds that an account has used lately. Who has used less comes first. */
  usedMs(account: bigint): number;
  /** Seconds until an account may use CPU time again; 0 if it may now. */
  waitS(account: bigint): number;
  charge(account: bigint, ms: number): void;
}

/** For lanes that serve no accounts, such as those of a tool. */
export const UNLIMITED_CPU: CpuAccounts = { usedMs: () => 0, waitS: () => 0, charge() {} };

/** Tasks of an earlier rank come first, whoever has used less CPU time: otherwise many new accounts with one long task each would keep everybody else waiting. */
export const TaskRank = { urgent: 0, usual: 1, long: 2 } as const;

export type TaskRank = (typeof TaskRank)[keyof typeof TaskRank];

/** A task of a lane. */
export interface LaneTask<Task> {
  /** Whose turn it takes, and who pays for the CPU time. */
  account: bigint;
  /** `usual` without it. */
  rank?: TaskRank;
  /** Prepares the task when its turn has come. Its errors are passed on. */
  prepare(): Promise<Task>;
  /** Reads parts of the file, if the task asks for some. Its errors are passed on. */
  read?: ReadRange;
}

/** Options of a {@link ProcessLane}. */
export interface ProcessLaneOptions {
  /** The built program of its processes. */
  file: string;
  /** How many processes work at once. */
  processes: number;
  cpu: CpuAccounts;
  clock: Clock;
  log: Logger;
  metrics: LaneMetrics;
  /** What the lane works with, and what its processes are for, as the log says it. */
  names: { library: string; task: string };
  /** How long a task may take, in milliseconds; only tests change it. */
  jobMs?: number;
  /** How much CPU time it may take, in milliseconds; only tests change it. */
  cpuMs?: number;
  waitingMax?: number;
}

interface Job<Task, Result> extends LaneTask<Task> {
  resolve(result: LaneResult<Result>): void;
  reject(error: unknown): void;
}

/**
 * Works on files of users in processes of its own: a file that crashes or stops a process stops nothing else. Accounts pay for the CPU time of their tasks, and of
 * those with tasks of one rank the accounts that have used least come first. Processes start with the first task.
 */
export class ProcessLane<Task, Result> implements AsyncDisposable {
  readonly #options: ProcessLaneOptions;
  readonly #queue: WaitingQueue<Job<Task, Result>>;
  readonly #metrics: LaneMetrics;
  readonly #idle: WorkerProcess<Task, Result>[] = [];
  readonly #working = new Set<Promise<void>>();
  readonly #processes = new Set<WorkerProcess<Task, Result>>();
  #isClosed = false;
  /** Set when a library cannot be loaded. Only a restart of the server changes that. */
  #isUnavailable = false;

  constructor(options: ProcessLaneOptions) {
    this.#options = options;
    this.#metrics = options.metrics;
    this.#queue = new WaitingQueue({
      max: options.waitingMax ?? WAITING_MAX,
      maxPerAccount: WAITING_PER_ACCOUNT,
      usedBy: (account) => options.cpu.usedMs(account),
      waitMs: WAIT_MS,
      ranks: Object.keys(TaskRank).length,
      clock: options.clock,
      gauge: options.metrics.waiting,
      refuse: ({ resolve }) => resolve(BUSY),
    });
  }

  /** Number of tasks that wait for their turn. */
  get waiting(): number {
    return this.#queue.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#emptyQueue(BUSY);
    await Promise.all([...this.#processes].map((process) => process[Symbol.asyncDispose]()));
    await Promise.all(this.#working);
  }

  /** Runs a task when its turn has come. The result is `busy` for an account that has used up its CPU time. */
  run(task: LaneTask<Task>): Promise<LaneResult<Result>> {
    if (this.#isUnavailable) return Promise.resolve({ outcome: 'unavailable' });
    if (this.#isClosed) return Promise.resolve(BUSY);
    const waitS = this.#options.cpu.waitS(task.account);
    if (waitS > 0) return Promise.resolve({ ...BUSY, waitS });
    return new Promise((resolve, reject) => {
      this.#queue.add(task.account, { ...task, resolve, reject }, task.rank ?? TaskRank.usual);
      this.#feed();
    });
  }

  /** Gives the next jobs to processes that have nothing to do. */
  #feed(): void {
    while (this.#working.size < this.#options.processes && !this.#isClosed) {
      const job = this.#queue.take();
      if (job === undefined) return;
      // The account may have used up its CPU time since the job came.
      const waitS = this.#options.cpu.waitS(job.account);
      if (waitS > 0) {
        job.resolve({ ...BUSY, waitS });
        continue;
      }
      const work = this.#work(job).finally(() => {
        this.#working.delete(work);
        this.#feed();
      });
      this.#working.add(work);
    }
  }

  async #work(job: Job<Task, Result>): Promise<void> {
    const fromMs = this.#options.clock.monotonicMs();
    try {
      const process = await this.#findProcess();
      job.resolve(process === undefined ? (this.#isUnavailable ? { outcome: 'unavailable' } : BUSY) : await this.#runIn(process, job));
    } catch (error) {
      job.reject(error);
    } finally {
      this.#metrics.seconds.observe((this.#options.clock.monotonicMs() - fromMs) / 1000);
    }
  }

  async #runIn(process: WorkerProcess<Task, Result>, { account, prepare, read }: Job<Task, Result>): Promise<LaneResult<Result>> {
    const { jobMs = JOB_MS, cpuMs = CPU_MS } = this.#options;
    const onUsed = (ms: number): void => this.#charge(account, ms);
    try {
      return await process.run(await prepare(), { timeoutMs: jobMs, cpu: { mostMs: cpuMs, onUsed }, read });
    } finally {
      if (process.hasEnded) {
        this.#processes.delete(process);
        this.#noteFailure(process);
        // For the process that takes its place.
        this.#charge(account, START_CPU_MS);
      } else {
        this.#idle.push(process);
      }
    }
  }

  #charge(account: bigint, ms: number): void {
    this.#options.cpu.charge(account, ms);
    this.#metrics.cpuSeconds.inc(ms / 1000);
  }

  #noteFailure({ pid }: WorkerProcess<Task, Result>): void {
    if (this.#isClosed) return;
    this.#metrics.failures.inc();
    this.#options.log.warn({ pid }, `a process that ${this.#options.names.task} has crashed or was stopped because it took too long`);
  }

  /** An idle process, or a new one. @returns undefined if a library cannot be loaded, or no process can be started now */
  async #findProcess(): Promise<WorkerProcess<Task, Result> | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.hasEnded) return idle;
      this.#processes.delete(idle);
    }
    const { file, clock, log, names } = this.#options;
    const process = new WorkerProcess<Task, Result>(file, clock);
    this.#processes.add(process);
    try {
      const state = await process.started;
      if (state.kind === 'ready') return process;
      this.#isUnavailable = true;
      log.warn({ reason: state.reason }, `${names.library} cannot be loaded, so there is no process that ${names.task}`);
      this.#emptyQueue({ outcome: 'unavailable' });
    } catch (error) {
      if (!this.#isClosed) log.error({ err: error }, `a process that ${names.task} cannot be started`);
      this.#metrics.failures.inc();
    }
    this.#processes.delete(process);
    await process[Symbol.asyncDispose]();
    return undefined;
  }

  #emptyQueue(result: LaneResult<Result>): void {
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) job.resolve(result);
  }
}
