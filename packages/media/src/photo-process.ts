import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '@aerogram/runtime';

import type { PhotoReply, PhotoResult } from './protocol.ts';

/** The memory that a process may allocate, in KiB. The largest photo needs a fifth of it. */
const MEMORY_KIB = 1024 * 1024;
/** The heap of its JavaScript, in MiB; pictures are kept outside of it. */
const HEAP_MIB = 128;
/** How long a process may take to start, in milliseconds. */
const START_MS = 30_000;

/** The process works, or sharp cannot be loaded. */
export type PhotoProcessState = Extract<PhotoReply, { kind: 'ready' | 'unavailable' }>;

/** What became of a picture. `busy`: nothing is known about it, and it can be tried again. */
export type ProcessResult = PhotoResult | { outcome: 'busy' };

const UNREADABLE: ProcessResult = { outcome: 'refused', reason: 'unreadable' };
const BUSY: ProcessResult = { outcome: 'busy' };

/** A process that makes photos, one at a time. When it crashes or takes too long, it ends, and another one must be started. */
export class PhotoProcess implements AsyncDisposable {
  /** Fulfilled when the process can be used, or has found out that it cannot. Rejected if it could not be started. */
  readonly started: Promise<PhotoProcessState>;
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #ended: Promise<void>;
  #hasEnded = false;
  #lastId = 0;
  /** Whether this object has stopped the process, which then says nothing about the picture. */
  #isStopped = false;
  #job: { id: number; finish(result: ProcessResult): void } | undefined;

  /**
   * @param file the built program
   * @param cpuMs the CPU time that a photo may take, in milliseconds; with more, the process ends itself
   */
  constructor(file: string, cpuMs: number, clock: Clock) {
    this.#clock = clock;
    // The shell sets the limit and becomes the program. V8 reserves more address space than any limit would allow, but what it reserves is no data.
    const limited = `ulimit -d ${MEMORY_KIB} 2>/dev/null; exec "$0" "$@"`;
    this.#child = fork(file, [String(cpuMs)], {
      execPath: '/bin/sh',
      execArgv: ['-c', limited, process.execPath, `--max-old-space-size=${HEAP_MIB}`],
      serialization: 'advanced',
      // Settings of the server, such as master keys and the address of the database, are not for a process that reads hostile pictures.
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#job?.finish(this.#isStopped ? BUSY : UNREADABLE);
        resolve();
      };
      this.#child.once('exit', end);
      this.#child.once('error', end);
    });
    this.started = new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => this.#child.kill('SIGKILL'), START_MS);
      void this.#ended.then(() => reject(new Error('a process that makes photos ended before it was ready')));
      this.#child.on('message', (message: PhotoReply) => {
        if (message.kind === 'result') {
          if (message.id === this.#job?.id) this.#job.finish(message.result);
          return;
        }
        timer.cancel();
        resolve(message);
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

  /**
   * Makes a photo. The process must have started and be idle. If it ends by itself meanwhile, the picture counts as unreadable.
   * @param timeoutMs after this time the process is killed, and the result is `busy`: it has hardly got any CPU
   */
  make(bytes: Uint8Array, timeoutMs: number): Promise<ProcessResult> {
    if (this.#hasEnded) return Promise.resolve(BUSY);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => {
        this.#hasEnded = true;
        this.#stop();
      }, timeoutMs);
      const finish = (result: ProcessResult): void => {
        timer.cancel();
        this.#job = undefined;
        resolve(result);
      };
      this.#job = { id, finish };
      // A failure means that the process is ending, which is handled when it has ended.
      this.#child.send({ id, bytes }, () => {});
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#ended;
  }

  #stop(): void {
    this.#isStopped = true;
    this.#child.kill('SIGKILL');
  }
}
