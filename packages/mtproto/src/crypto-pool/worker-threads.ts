import { Worker } from 'node:worker_threads';

/** What a worker gets: the operation and its arguments. The threads add the id. */
export interface Job<Request, Reply> {
  request: Request;
  /** Buffers to transfer instead of copying them. */
  given: readonly ArrayBuffer[];
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** Messages of a worker besides its results: once that it is ready, and which jobs failed. */
export type WorkerNotice = { type: 'ready' } | { type: 'failed'; id: number; message: string };

/** Options of worker threads. */
export interface WorkerThreadsOptions<Request, Reply> {
  /** The built worker file. */
  workerFile: string | URL;
  /** Given to each worker when it starts. */
  workerData?: unknown;
  /** Jobs given to a worker at once: enough that it never has to wait for the next one. */
  ahead: number;
  /** Takes the job that is done next out of the caller's queue. */
  next(): Job<Request, Reply> | undefined;
  /** Called when a worker died, or could not be started; it is replaced. */
  onCrash?: ((error: Error) => void) | undefined;
  /** Called when no thread is left, because the last one could not be started again. */
  onStuck(error: Error): void;
}

/** Threads of one kind of worker. They take their jobs from a queue of the caller; a thread that dies is replaced. */
export class WorkerThreads<Request extends object, Reply extends { id: number }> {
  readonly #options: WorkerThreadsOptions<Request, Reply>;
  /** All threads, including those not ready yet. */
  readonly #threads = new Set<Worker>();
  /** Ready threads, with the jobs they are working on. */
  readonly #underWay = new Map<Worker, Map<number, Job<Request, Reply>>>();
  #nextId = 0;
  #isClosed = false;

  constructor(options: WorkerThreadsOptions<Request, Reply>) {
    this.#options = options;
  }

  /** Number of threads, including those that are starting. */
  get size(): number {
    return this.#threads.size;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether every thread is ready and has a job. */
  get areAllBusy(): boolean {
    if (this.#underWay.size < this.#threads.size) return false;
    for (const jobs of this.#underWay.values()) if (jobs.size === 0) return false;
    return true;
  }

  /** Starts one worker and waits until it is ready. @throws Error when it cannot start */
  async start(): Promise<void> {
    const worker = new Worker(this.#options.workerFile, { workerData: this.#options.workerData });
    const jobs = new Map<number, Job<Request, Reply>>();
    this.#threads.add(worker);
    let failure: Error | undefined;
    await new Promise<void>((resolve, reject) => {
      worker.on('error', (error) => {
        failure = error instanceof Error ? error : new Error(String(error));
      });
      worker.on('exit', (code) => {
        const reason = failure ?? new Error(`a worker ended with code ${code}`);
        this.#threads.delete(worker);
        // Only a worker that was ready is replaced at once; one that cannot start would be restarted for ever.
        if (this.#underWay.delete(worker)) this.#replace(jobs, reason);
        reject(reason);
      });
      worker.on('message', (message: Reply | WorkerNotice) => {
        if (this.#isClosed) return;
        if ('type' in message && message.type === 'ready') {
          this.#underWay.set(worker, jobs);
          resolve();
        } else {
          settle(jobs, message);
        }
        this.feed();
      });
    });
  }

  /** Starts a worker in the background; the jobs wait for it. */
  startLater(): void {
    this.start().catch((error: unknown) => {
      if (this.#isClosed) return;
      const cause = error instanceof Error ? error : new Error(String(error));
      this.#options.onCrash?.(cause);
      // The next job tries again. Those that are waiting now are rejected by the caller.
      if (this.#threads.size === 0) this.#options.onStuck(cause);
    });
  }

  /** Gives jobs of the caller's queue to the least busy workers. */
  feed(): void {
    for (;;) {
      let idlest: [Worker, Map<number, Job<Request, Reply>>] | undefined;
      for (const entry of this.#underWay) if (idlest === undefined || entry[1].size < idlest[1].size) idlest = entry;
      if (idlest === undefined || idlest[1].size >= this.#options.ahead) return;
      const job = this.#options.next();
      if (job === undefined) return;
      const id = this.#nextId++;
      idlest[1].set(id, job);
      idlest[0].postMessage({ ...job.request, id }, job.given);
    }
  }

  /** Ends the threads and rejects the jobs they are working on. */
  async close(reason: Error): Promise<void> {
    this.#isClosed = true;
    for (const jobs of this.#underWay.values()) for (const job of jobs.values()) job.reject(reason);
    this.#underWay.clear();
    await Promise.all([...this.#threads].map((worker) => worker.terminate()));
  }

  /** Rejects the jobs of a dead worker and starts a new one; waiting jobs go to the other workers or to the new one. */
  #replace(jobs: Map<number, Job<Request, Reply>>, reason: Error): void {
    if (!this.#isClosed) this.#options.onCrash?.(reason);
    for (const job of jobs.values()) job.reject(reason);
    if (!this.#isClosed) this.startLater();
  }
}

function settle<Request, Reply extends { id: number }>(jobs: Map<number, Job<Request, Reply>>, reply: Reply | Extract<WorkerNotice, { type: 'failed' }>): void {
  const job = jobs.get(reply.id);
  if (job === undefined) return;
  jobs.delete(reply.id);
  if ('message' in reply) job.reject(new Error(reply.message));
  else job.resolve(reply);
}
