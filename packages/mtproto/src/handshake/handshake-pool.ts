import { Worker } from 'node:worker_threads';
import type { RsaPrivateKey } from '@aerogram/crypto';
import { type HandshakeCrypto, HandshakeBusyError, type OpenedRequest } from './handshake-crypto.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.ts';

/** How a pool is made. */
export interface HandshakePoolOptions {
  /** The built worker (`handshake-worker`). */
  workerFile: string | URL;
  /** Number of worker threads; each makes some hundred keys a second. */
  threads: number;
  keys: readonly RsaPrivateKey[];
  /** Steps that may wait or be under way at once; beyond it steps are refused. A step takes below 1 ms. */
  queueLimit?: number;
  /** Told when a worker died; it is replaced. */
  onCrash?: (error: Error) => void;
}

/** Worker threads for the expensive steps of handshakes. */
export interface HandshakePool extends HandshakeCrypto, AsyncDisposable {
  /** Steps that wait or are under way. */
  readonly load: number;
}

interface Step {
  request: WorkerRequest;
  resolve: (reply: WorkerReply) => void;
  reject: (error: Error) => void;
}

/** Steps that a worker is given at once: enough that it never waits for the next one. */
const AHEAD = 4;

type Unnumbered = WorkerRequest extends infer R ? (R extends WorkerRequest ? Omit<R, 'id'> : never) : never;

class Pool implements HandshakePool {
  readonly #options: HandshakePoolOptions;
  readonly #waiting: Step[] = [];
  /** All threads, also those not ready yet. */
  readonly #threads = new Set<Worker>();
  /** Ready threads with what they are doing. */
  readonly #underWay = new Map<Worker, Map<number, Step>>();
  #nextId = 0;
  #load = 0;
  #isClosed = false;

  constructor(options: HandshakePoolOptions) {
    this.#options = options;
  }

  get load(): number {
    return this.#load;
  }

  /** Starts one worker and waits until it is ready. */
  async start(): Promise<void> {
    const start: WorkerStart = { pems: this.#options.keys.map((key) => key.privatePem) };
    const worker = new Worker(this.#options.workerFile, { workerData: start });
    const steps = new Map<number, Step>();
    this.#threads.add(worker);
    let failure: Error | undefined;
    await new Promise<void>((resolve, reject) => {
      worker.on('error', (error) => {
        failure = error instanceof Error ? error : new Error(String(error));
      });
      worker.on('exit', (code) => {
        const reason = failure ?? new Error(`the handshake worker ended with code ${code}`);
        this.#threads.delete(worker);
        // Only a worker that had got ready is replaced at once: one that cannot start would be started for ever.
        if (this.#underWay.delete(worker)) this.#replace(steps, reason);
        reject(reason);
      });
      worker.on('message', (reply: WorkerReply) => {
        if (this.#isClosed) return;
        if (reply.type === 'ready') {
          this.#underWay.set(worker, steps);
          resolve();
        } else {
          this.#settle(steps, reply);
        }
        this.#feed();
      });
    });
  }

  async open(fingerprint: bigint, encrypted: Uint8Array): Promise<OpenedRequest | undefined> {
    const reply = await this.#run({ op: 'open', fingerprint, encrypted: Uint8Array.from(encrypted) });
    if (reply.type !== 'opened') throw new Error(`unexpected reply of the handshake worker: ${reply.type}`);
    return reply.opened;
  }

  async agree(secret: Uint8Array, gB: Uint8Array): Promise<Uint8Array> {
    // Copies, because sending a view copies the whole buffer behind it.
    const reply = await this.#run({ op: 'agree', secret: Uint8Array.from(secret), gB: Uint8Array.from(gB) });
    if (reply.type !== 'agreed') throw new Error(`unexpected reply of the handshake worker: ${reply.type}`);
    return reply.authKey;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const reason = new Error('the handshake pool is closed');
    for (const steps of [this.#waiting.splice(0), ...[...this.#underWay.values()].map((map) => map.values())]) {
      for (const step of steps) this.#reject(step, reason);
    }
    this.#underWay.clear();
    await Promise.all([...this.#threads].map((worker) => worker.terminate()));
  }

  #run(request: Unnumbered): Promise<WorkerReply> {
    if (this.#isClosed) return Promise.reject(new Error('the handshake pool is closed'));
    if (this.#load >= (this.#options.queueLimit ?? 512)) return Promise.reject(new HandshakeBusyError());
    return new Promise((resolve, reject) => {
      this.#load++;
      this.#waiting.push({ request: { ...request, id: this.#nextId++ }, resolve, reject });
      if (this.#threads.size === 0) this.#startAgain();
      this.#feed();
    });
  }

  /** Gives waiting steps to the workers that have least to do. */
  #feed(): void {
    while (this.#waiting.length > 0) {
      let idlest: [Worker, Map<number, Step>] | undefined;
      for (const entry of this.#underWay) if (idlest === undefined || entry[1].size < idlest[1].size) idlest = entry;
      if (idlest === undefined || idlest[1].size >= AHEAD) return;
      const step = this.#waiting.shift()!;
      idlest[1].set(step.request.id, step);
      idlest[0].postMessage(step.request);
    }
  }

  #settle(steps: Map<number, Step>, reply: Exclude<WorkerReply, { type: 'ready' }>): void {
    const step = steps.get(reply.id);
    if (step === undefined) return;
    steps.delete(reply.id);
    if (reply.type === 'failed') {
      this.#reject(step, new Error(reply.message));
      return;
    }
    this.#load--;
    step.resolve(reply);
  }

  #reject(step: Step, reason: Error): void {
    this.#load--;
    step.reject(reason);
  }

  /** Rejects what a dead worker had to do and starts another; steps that wait are done by the others or by that one. */
  #replace(steps: Map<number, Step>, reason: Error): void {
    if (!this.#isClosed) this.#options.onCrash?.(reason);
    for (const step of steps.values()) this.#reject(step, reason);
    if (!this.#isClosed) this.#startAgain();
  }

  #startAgain(): void {
    this.start().catch((error: unknown) => {
      if (this.#isClosed) return;
      const cause = error instanceof Error ? error : new Error(String(error));
      this.#options.onCrash?.(cause);
      // The next request tries once more; those that wait are not left waiting for it.
      if (this.#threads.size === 0) for (const step of this.#waiting.splice(0)) this.#reject(step, cause);
    });
  }
}

/**
 * Starts worker threads for handshakes; resolves when all are ready (some 300 ms).
 * Disposing of the pool ends the threads and rejects what still waits.
 * @throws Error when a worker cannot start.
 */
export async function createHandshakePool(options: HandshakePoolOptions): Promise<HandshakePool> {
  if (!Number.isInteger(options.threads) || options.threads < 1) throw new RangeError(`a pool has at least one thread, not ${options.threads}`);
  const pool = new Pool(options);
  const started = await Promise.allSettled(Array.from({ length: options.threads }, () => pool.start()));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await pool[Symbol.asyncDispose]();
    throw failed.reason;
  }
  return pool;
}
