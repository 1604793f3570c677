import type { Opened } from '@aerogram/crypto';
import type { UnsealedPacket } from '../session/envelope.ts';
import { FairQueue } from './fair-queue.ts';
import { type Job, WorkerThreads } from './worker-threads.ts';

/** Options of a packet pool. */
export interface PacketPoolOptions {
  /** The built worker file (`packet-worker`). */
  workerFile: string | URL;
  /** Most threads. The first starts with the first packet, each further one when all others are busy. */
  threads: number;
  /** Called when a worker died, or could not be started; it is replaced. */
  onCrash?: (error: Error) => void;
}

/** The server stops: its threads open and seal no more packets. */
export class PacketPoolClosed extends Error {
  constructor() {
    super('the packet pool is closed');
    this.name = 'PacketPoolClosed';
  }
}

/** Opens and seals long packets. `owner` names the account whose packet it is: accounts get equal shares of the threads. */
export interface PacketCrypto {
  /**
   * Like `openMessage` for a packet to the server. The packet's bytes must not be used afterwards.
   * @throws PacketPoolClosed, or another Error when the thread died
   */
  openPacket(authKey: Uint8Array, packet: Uint8Array, owner: string): Promise<Opened | undefined>;
  /**
   * Like `sealMessage` for a packet to the client. Its bytes must not be used afterwards.
   * @throws PacketPoolClosed, or another Error when the thread died
   */
  sealPacket(packet: UnsealedPacket, owner: string): Promise<Uint8Array>;
  /** Whether so much is waiting that nothing more should be read from connections that have packets here. */
  readonly isFull: boolean;
}

/** Worker threads that open and seal long packets. */
export interface PacketPool extends PacketCrypto, AsyncDisposable {
  /** Number of packets that wait or are worked on. */
  readonly load: number;
}

/** An operation of a packet worker. */
export type PacketRequest =
  | { op: 'open'; authKey: Uint8Array; packet: Uint8Array }
  | { op: 'seal'; authKey: Uint8Array; authKeyId: Uint8Array; padded: Uint8Array };

/** The result of an operation, by its id. */
export type PacketReply = { type: 'opened'; id: number; opened: Opened | undefined } | { type: 'sealed'; id: number; packet: Uint8Array };

type PacketJob = Job<PacketRequest, PacketReply>;

/** One that is worked on and one that waits in the thread. More would come before packets of other accounts. */
const AHEAD = 2;
/** The pool is full when this many packets wait for each thread. Half a megabyte takes 2 to 6 ms. */
const WAITING_PER_THREAD = 8;

class Pool implements PacketPool {
  readonly #queue = new FairQueue<PacketJob>();
  readonly #threads: WorkerThreads<PacketRequest, PacketReply>;
  readonly #most: number;
  #load = 0;

  constructor({ workerFile, threads, onCrash }: PacketPoolOptions) {
    this.#most = threads;
    this.#threads = new WorkerThreads({
      workerFile,
      ahead: AHEAD,
      next: () => this.#queue.shift(),
      onCrash,
      onStuck: (error) => this.#rejectWaiting(error),
    });
  }

  get load(): number {
    return this.#load;
  }

  get isFull(): boolean {
    return this.#queue.size >= WAITING_PER_THREAD * this.#most;
  }

  async openPacket(authKey: Uint8Array, packet: Uint8Array, owner: string): Promise<Opened | undefined> {
    const own = ownBytes(packet);
    const reply = await this.#run({ op: 'open', authKey: Uint8Array.from(authKey), packet: own }, own, owner);
    if (reply.type !== 'opened') throw new Error(`unexpected reply of the packet worker: ${reply.type}`);
    return reply.opened;
  }

  async sealPacket({ key, padded }: UnsealedPacket, owner: string): Promise<Uint8Array> {
    const own = ownBytes(padded);
    const reply = await this.#run({ op: 'seal', authKey: Uint8Array.from(key.bytes), authKeyId: Uint8Array.from(key.idBytes), padded: own }, own, owner);
    if (reply.type !== 'sealed') throw new Error(`unexpected reply of the packet worker: ${reply.type}`);
    return reply.packet;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const reason = new PacketPoolClosed();
    const closing = this.#threads.close(reason);
    this.#rejectWaiting(reason);
    await closing;
  }

  #run(request: PacketRequest, bytes: Uint8Array<ArrayBuffer>, owner: string): Promise<PacketReply> {
    if (this.#threads.isClosed) return Promise.reject(new PacketPoolClosed());
    return new Promise((resolve, reject) => {
      this.#load += 1;
      const job: PacketJob = {
        request,
        given: [bytes.buffer],
        resolve: (reply) => resolve(this.#ended(reply)),
        reject: (error) => reject(this.#ended(error)),
      };
      this.#queue.push(owner, job, bytes.length);
      this.#threads.feed();
      if (this.#queue.size > 0 && this.#threads.size < this.#most && (this.#threads.size === 0 || this.#threads.areAllBusy)) this.#threads.startLater();
    });
  }

  #ended<T>(result: T): T {
    this.#load -= 1;
    return result;
  }

  #rejectWaiting(reason: Error): void {
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) job.reject(reason);
  }
}

/** The same bytes in a buffer of their own, which can be transferred; a copy if they share their buffer with others. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) return new Uint8Array(buffer);
  return new Uint8Array(bytes);
}

/** Creates a packet pool. No thread runs before the first packet. Disposing the pool ends the threads and rejects waiting packets. */
export function createPacketPool(options: PacketPoolOptions): PacketPool {
  if (!Number.isInteger(options.threads) || options.threads < 1) throw new RangeError(`a pool has at least one thread, not ${options.threads}`);
  return new Pool(options);
}
