import { Worker } from 'node:worker_threads';
import type { Opened, RsaPrivateKey } from '@aerogram/crypto';
import { CryptoBusyError, type HandshakeCrypto, type OpenedRequest } from '../handshake/handshake-crypto.ts';
import type { WorkerReply, WorkerRequest, WorkerStart } from './worker-messages.ts';

/** Options of a pool. */
export interface CryptoPoolOptions {
  /** The built worker file (`crypto-worker`). */
  workerFile: string | URL;
  /** Number of worker threads; each creates some hundred keys per second. */
  threads: number;
  keys: readonly RsaPrivateKey[];
  /** Steps that may wait or run at once; further ones are refused. A step takes less than 1 ms, a long packet somewhat more. */
  queueLimit?: number;
  /** Called when a worker died; it is replaced. */
  onCrash?: (error: Error) => void;
}

/** Decrypts packets that take long. */
export interface PacketCrypto {
  /**
   * Like `openMessage` for a packet to the server, but in another thread. The packet is not modified.
   * @throws CryptoBusyError when too much is waiting.
   */
  openPacket(authKey: Uint8Array, packet: Uint8Array): Promise<Opened | undefined>;
}

/** Worker threads for the expensive steps of handshakes and for long packets. */
export interface CryptoPool extends HandshakeCrypto, PacketCrypto, AsyncDisposable {
  /** Number of steps that wait or run. */
  readonly load: number;
}

interface Step {
  request: WorkerRequest;
  /** Buffers to transfer instead of copying them. */
  given: readonly ArrayBuffer[];
  resolve: (reply: WorkerReply) => void;
  reject: (error: Error) => void;
}

/** Packets are accepted only while fewer steps than this are pending, because each waiting packet takes up to half a megabyte. */
const PACKETS_UP_TO = 16;
/** Steps given to a worker at once: enough that it never has to wait for the next one. */
const AHEAD = 4;

type Unnumbered = WorkerRequest extends infer R ? (R extends WorkerRequest ? Omit<R, 'id'> : never) : never;

class Pool implements CryptoPool {
  readonly #options: CryptoPoolOptions;
  readonly #waiting: Step[] = [];
  /** All threads, including those not ready yet. */
  readonly #threads = new Set<Worker>();
  /** Ready threads, with the steps they are working on. */
  readonly #underWay = new Map<Worker, Map<number, Step>>();
  #nextId = 0;
  #load = 0;
  #isClosed = false;

  constructor(options: CryptoPoolOptions) {
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
        const reason = failure ?? new Error(`the crypto worker ended with code ${code}`);
        this.#threads.delete(worker);
        // Only a worker that was ready is replaced at once; one that cannot start would be restarted for ever.
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
    if (reply.type !== 'opened') throw new Error(`unexpected reply of the crypto worker: ${reply.type}`);
    return reply.opened;
  }

  async agree(secret: Uint8Array, gB: Uint8Array): Promise<Uint8Array> {
    // Copies, because sending a view would copy the whole buffer behind it.
    const reply = await this.#run({ op: 'agree', secret: Uint8Array.from(secret), gB: Uint8Array.from(gB) });
    if (reply.type !== 'agreed') throw new Error(`unexpected reply of the crypto worker: ${reply.type}`);
    return reply.authKey;
  }

  async openPacket(authKey: Uint8Array, packet: Uint8Array): Promise<Opened | undefined> {
    if (this.#load >= PACKETS_UP_TO) throw new CryptoBusyError();
    const copy = new Uint8Array(packet);
    const reply = await this.#run({ op: 'open-packet', authKey: Uint8Array.from(authKey), packet: copy }, [copy.buffer]);
    if (reply.type !== 'opened-packet') throw new Error(`unexpected reply of the crypto worker: ${reply.type}`);
    return reply.opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const reason = new Error('the crypto pool is closed');
    for (const steps of [this.#waiting.splice(0), ...[...this.#underWay.values()].map((map) => map.values())]) {
      for (const step of steps) this.#reject(step, reason);
    }
    this.#underWay.clear();
    await Promise.all([...this.#threads].map((worker) => worker.terminate()));
  }

  #run(request: Unnumbered, given: readonly ArrayBuffer[] = []): Promise<WorkerReply> {
    if (this.#isClosed) return Promise.reject(new Error('the crypto pool is closed'));
    if (this.#load >= (this.#options.queueLimit ?? 512)) return Promise.reject(new CryptoBusyError());
    return new Promise((resolve, reject) => {
      this.#load++;
      this.#waiting.push({ request: { ...request, id: this.#nextId++ }, given, resolve, reject });
      if (this.#threads.size === 0) this.#startAgain();
      this.#feed();
    });
  }

  /** Gives waiting steps to the least busy workers. */
  #feed(): void {
    while (this.#waiting.length > 0) {
      let idlest: [Worker, Map<number, Step>] | undefined;
      for (const entry of this.#underWay) if (idlest === undefined || entry[1].size < idlest[1].size) idlest = entry;
      if (idlest === undefined || idlest[1].size >= AHEAD) return;
      const step = this.#waiting.shift()!;
      idlest[1].set(step.request.id, step);
      idlest[0].postMessage(step.request, step.given);
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

  /** Rejects the steps of a dead worker and starts a new one; waiting steps go to the other workers or to the new one. */
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
      // The next request tries again. Steps that are waiting now are rejected.
      if (this.#threads.size === 0) for (const step of this.#waiting.splice(0)) this.#reject(step, cause);
    });
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
