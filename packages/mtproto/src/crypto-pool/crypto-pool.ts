import type { RsaPrivateKey } from '@aerogram/crypto';
import { CryptoBusyError, type HandshakeCrypto, type OpenedRequest } from '../handshake/handshake-crypto.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.ts';
import { type Job, WorkerThreads } from './worker-threads.ts';

/** Options of a pool. */
export interface CryptoPoolOptions {
  /** The built worker file (`crypto-worker`). */
  workerFile: string | URL;
  /** Number of worker threads; each creates some hundred keys per second. */
  threads: number;
  keys: readonly RsaPrivateKey[];
  /** Steps that may wait or run at once; further ones are refused. A step takes less than 1 ms. */
  queueLimit?: number;
  /** Called when a worker died; it is replaced. */
  onCrash?: (error: Error) => void;
}

/** Worker threads for the expensive steps of handshakes. */
export interface CryptoPool extends HandshakeCrypto, AsyncDisposable {
  /** Number of steps that wait or run. */
  readonly load: number;
}

type Step = Job<WorkerRequest, WorkerReply>;

/** Steps given to a worker at once: enough that it never has to wait for the next one. */
const AHEAD = 4;

class Pool implements CryptoPool {
  readonly #options: CryptoPoolOptions;
  readonly #waiting: Step[] = [];
  readonly #threads: WorkerThreads<WorkerRequest, WorkerReply>;
  #load = 0;

  constructor(options: CryptoPoolOptions) {
    this.#options = options;
    const workerData: WorkerStart = { pems: options.keys.map((key) => key.privatePem) };
    this.#threads = new WorkerThreads({
      workerFile: options.workerFile,
      workerData,
      ahead: AHEAD,
      next: () => this.#waiting.shift(),
      onCrash: options.onCrash,
      onStuck: (error) => this.#rejectWaiting(error),
    });
  }

  get load(): number {
    return this.#load;
  }

  /** Starts one worker and waits until it is ready. */
  start(): Promise<void> {
    return this.#threads.start();
  }

  async open(fingerprint: bigint, encrypted: Uint8Array): Promise<OpenedRequest | undefined> {
    const reply = await this.#run({ op: 'open', fingerprint, encrypted: Uint8Array.from(encrypted) });
    if (reply.type !== 'opened') throw new Error(`unexpected reply of the crypto worker: ${reply.type}`);
    return reply.opened;
  }

  async agree(secret: Uint8Array, gB: Uint8Array): Promise<Uint8Array> {
    // Copies, because sending a view would copy the whole buffer behind it.
    const reply = await this.#run({ op: 'agree', secret: Uint8Array.from(secret), gB: Uint8Array.from(gB) });
    if (reply.type !== 'agreed') throw new Error(`unexpected reply of the crypto worker: ${reply.type}`);
    return reply.authKey;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new Error('the crypto pool is closed');
    const closing = this.#threads.close(reason);
    this.#rejectWaiting(reason);
    await closing;
  }

  #run(request: WorkerRequest): Promise<WorkerReply> {
    if (this.#threads.isClosed) return Promise.reject(new Error('the crypto pool is closed'));
    if (this.#load >= (this.#options.queueLimit ?? 512)) return Promise.reject(new CryptoBusyError());
    return new Promise((resolve, reject) => {
      this.#load += 1;
      this.#waiting.push({
        request,
        given: [],
        resolve: (reply) => resolve(this.#ended(reply)),
        reject: (error) => reject(this.#ended(error)),
      });
      if (this.#threads.size === 0) this.#threads.startLater();
      this.#threads.feed();
    });
  }

  #ended<T>(result: T): T {
    this.#load -= 1;
    return result;
  }

  #rejectWaiting(reason: Error): void {
    for (const step of this.#waiting.splice(0)) step.reject(reason);
  }
}

/**
 * Starts the worker threads; resolves when all are ready (about 300 ms). Disposing the pool ends the threads and rejects waiting steps.
 * @throws Error when a worker cannot start.
 */
export async function createCryptoPool(options: CryptoPoolOptions): Promise<CryptoPool> {
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
