import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '@aerogram/runtime';

import { type CpuWatch, limitCpu } from './cpu-limit.ts';
import { BUSY, type Busy, type WorkerReply, type WorkerRequest } from './protocol.ts';

/** The memory that a process may allocate, in KiB. The largest photo needs a fifth of it. */
const MEMORY_KIB = 1024 * 1024;
/** The heap of its JavaScript, in MiB; pictures are kept outside of it. */
const HEAP_MIB = 128;
/** How long a process may take to start, in milliseconds. */
const START_MS = 30_000;
/** The most bytes of its file that a process may ask for at once. */
const READ_MAX = 8 * 1024 * 1024;
/** The most bytes of its file that a process may ask for in one task. */
const READ_IN_ALL_MAX = 64 * 1024 * 1024;

/** The process works, or a library that it needs cannot be loaded. */
export type WorkerState = Extract<WorkerReply<never>, { kind: 'ready' | 'unavailable' }>;

/** What became of a task. `crashed`: the process has ended because of it. */
export type TaskResult<Result> = Result | { outcome: 'crashed' } | Busy;

/** Reads bytes of the file that a task is about. */
export type ReadRange = (from: number, to: number) => Promise<Uint8Array>;

/** How a task is run. */
export interface TaskRun {
  /** After this time, in milliseconds, the process is killed, and the result is `busy`: it has hardly got any CPU. */
  timeoutMs: number;
  /** The most CPU time that the process may use for it, with what it starts, and who is told of it. */
  cpu: Pick<CpuWatch, 'mostMs' | 'onUsed'>;
  /** For tasks that ask for parts of a file. Its errors are passed on. */
  read?: ReadRange | undefined;
}

interface Running<Result> {
  id: number;
  read: ReadRange | undefined;
  /** How many bytes the process may still ask for. */
  left: number;
  /** Why the file could not be read. */
  failure?: Error;
  finish(result: TaskResult<Result>): void;
}

/** A process that works on files of users, one task at a time. When it crashes or takes too long, it ends, and another one must be started. */
export class WorkerProcess<Task, Result> implements AsyncDisposable {
  /** Fulfilled when the process can be used, or has found out that it cannot. Rejected if it could not be started. */
  readonly started: Promise<WorkerState>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #ended: Promise<void>;
  #hasEnded = false;
  #lastId = 0;
  /** Whether this object has stopped the process, which then says nothing about the file. */
  #isStopped = false;
  #running: Running<Result> | undefined;

  /** @param file the built program */
  constructor(file: string, clock: Clock) {
    this.#clock = clock;
    // The shell sets the limit and becomes the program. V8 reserves more address space than any limit would allow, but what it reserves is no data.
    const limited = `ulimit -d ${MEMORY_KIB} 2>/dev/null; exec "$0" "$@"`;
    this.#child = fork(file, [], {
      execPath: '/bin/sh',
      execArgv: ['-c', limited, process.execPath, `--max-old-space-size=${HEAP_MIB}`],
      serialization: 'advanced',
      // Settings of the server, such as master keys and the address of the database, are not for a process that reads hostile files.
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // A process group of its own, so that what the process has started, such as ffmpeg, ends with it.
      detached: true,
    });
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#running?.finish(this.#isStopped ? BUSY : { outcome: 'crashed' });
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
    this.started = new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => this.#kill(), START_MS);
      void this.#ended.then(() => reject(new Error('a process for files of users ended before it was ready')));
      this.#child.on('message', (message: WorkerReply<Result>) => {
        if (message.kind === 'result') {
          if (message.id === this.#running?.id) this.#running.finish(message.result);
        } else if (message.kind === 'read') {
          void this.#answerRead(message);
        } else {
          timer.cancel();
          resolve(message);
        }
      });
      void this.#ended.then(() => timer.cancel());
    });
    // Whoever waits for it gets the error.
    this.started.catch(() => {});
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Runs a task. The process must have started and be idle. If the task takes more CPU time than it may, the process is killed, and the result is `crashed`. */
  run(task: Task, { timeoutMs, cpu, read }: TaskRun): Promise<TaskResult<Result>> {
    if (this.#hasEnded) return Promise.resolve(BUSY);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => {
        this.#hasEnded = true;
        this.#stop();
      }, timeoutMs);
      const onExceeded = (): void => {
        this.#hasEnded = true;
        this.#kill();
      };
      const cpuLimit = limitCpu(this.#child.pid, this.#clock, { ...cpu, onExceeded });
      const finish = (result: TaskResult<Result>): void => {
        timer.cancel();
        cpuLimit.cancel();
        this.#running = undefined;
        if (running.failure === undefined) resolve(result);
        else reject(running.failure);
      };
      const running: Running<Result> = { id, read, left: READ_IN_ALL_MAX, finish };
      this.#running = running;
      this.#send({ kind: 'task', id, task });
    });
  }

  /** Gives the process bytes of its file, as long as it asks for few. */
  async #answerRead({ id, call, from, to }: Extract<WorkerReply<Result>, { kind: 'read' }>): Promise<void> {
    const running = this.#running;
    if (running?.read === undefined || running.id !== id) return;
    const isAllowed = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to >= from && to - from <= Math.min(READ_MAX, running.left);
    if (!isAllowed) return this.#send({ kind: 'bytes', call });
    running.left -= to - from;
    try {
      this.#send({ kind: 'bytes', call, bytes: await running.read(from, to) });
    } catch (error) {
      running.failure ??= error instanceof Error ? error : new Error(String(error));
      this.#send({ kind: 'bytes', call });
    }
  }

  #send(request: WorkerRequest<Task>): void {
    // A failure means that the process is ending, which is handled when it has ended.
    this.#child.send(request, () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#ended;
  }

  #stop(): void {
    this.#isStopped = true;
    this.#kill();
  }

  /** Kills the process and what it has started. */
  #kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    // Another process may have the number of one that has ended.
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
