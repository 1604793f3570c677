import { packetKeyId } from '@aerogram/mtproto';
import type { Clock, Logger } from '@aerogram/runtime';
import type { DomainRoute } from '../http/domain-routes.ts';
import type { ToWorker } from './control.ts';
import { KeyOwners } from './key-owners.ts';
import { slotOfShard } from './shards.ts';
import { type HandedConnection, WorkerProcess, type WorkerProcessDeps } from './worker-process.ts';

export interface WorkerPoolDeps {
  file: string;
  clock: Clock;
  log: Logger;
  /** The start message of each process. */
  starts: readonly WorkerProcessDeps['start'][];
  /** The message that each process gets after that. */
  welcome(): ToWorker;
  /** See `WorkerProcessDeps.beginRelay`. */
  beginRelay(): Promise<number>;
  /** The metrics of all processes of the server. */
  renderAll(): Promise<string>;
  /** Called when a connection has ended. */
  onClosed(connection: HandedConnection): void;
}

/** Offset of the nonce in an unencrypted message: after key id, message id, length and constructor. */
const NONCE_AT = 24;
/** Pauses before a worker that ended by itself is restarted, in milliseconds. */
const RESTART_PAUSES_MS = [0, 200, 1000, 5000];
/** After running this long, in milliseconds, a worker's next restart begins with the shortest pause again. */
const STABLE_MS = 60_000;
/** A worker that has not exited this long after its drain, in milliseconds, is killed. */
const STOP_GRACE_MS = 15_000;

/** The serving processes: starts and restarts them, and knows which one serves which key (rule S8, key owners). */
export class WorkerPool {
  readonly #deps: WorkerPoolDeps;
  readonly #owners = new KeyOwners<WorkerProcess>();
  readonly #workers: (WorkerProcess | undefined)[];
  #stopping = false;

  constructor(deps: WorkerPoolDeps) {
    this.#deps = deps;
    this.#workers = deps.starts.map(() => undefined);
  }

  get workers(): WorkerProcess[] {
    return this.#workers.filter((worker) => worker !== undefined);
  }

  /** Number of workers that accept clients now. */
  get readyCount(): number {
    return this.workers.filter(({ isReady }) => isReady).length;
  }

  /** Starts all workers and waits until they serve. @throws when one cannot start */
  async start(): Promise<void> {
    // The first one writes what a new database needs before the others start.
    for (const [slot] of this.#workers.entries()) {
      const worker = this.#spawn(slot, 0);
      if (slot === 0) await worker.ready;
    }
    await Promise.all(this.workers.map(({ ready }) => ready));
  }

  /** Returns the worker for a key: the one that serves it, otherwise the one with the fewest connections. */
  choose(authKeyId: bigint): WorkerProcess | undefined {
    const owner = authKeyId === 0n ? undefined : this.#owners.find(authKeyId);
    if (owner) return owner;
    let chosen: WorkerProcess | undefined;
    for (const worker of this.workers) {
      if (worker.isReady && (!chosen || worker.connections < chosen.connections)) chosen = worker;
    }
    return chosen;
  }

  /**
   * Returns the worker for a single packet. The steps of one handshake have no key and may come over several connections. Their nonce,
   * which is at the same offset in all of them, selects the worker.
   */
  chooseByPacket(packet: Uint8Array): WorkerProcess | undefined {
    const authKeyId = packet.length < 8 ? 0n : packetKeyId(packet);
    if (authKeyId !== 0n || packet.length < NONCE_AT + 4) return this.choose(authKeyId);
    const ready = this.workers.filter(({ isReady }) => isReady);
    const nonce = new DataView(packet.buffer, packet.byteOffset).getUint32(NONCE_AT);
    return ready[nonce % ready.length];
  }

  /**
   * Returns the worker that has to answer a request; undefined while it does not serve. No other worker may replace it, because the state
   * of a shard is in one process.
   */
  chooseByRoute({ shard }: DomainRoute): WorkerProcess | undefined {
    if (shard === undefined) return this.choose(0n);
    const worker = this.#workers[slotOfShard(shard, this.#workers.length)];
    return worker?.isReady === true ? worker : undefined;
  }

  /** Passes a connection to the worker of its key or of its first request. @returns false if there is none */
  hand(connection: HandedConnection): boolean {
    const { authKeyId, route } = connection;
    const worker = route ? this.chooseByRoute(route) : this.choose(authKeyId);
    if (!worker) return false;
    if (authKeyId !== 0n) this.#owners.led(authKeyId, worker);
    worker.hand(connection);
    return true;
  }

  broadcast(message: ToWorker): void {
    for (const worker of this.workers) worker.send(message);
  }

  /** Lets all workers drain and exit; kills those that have not exited some time later. @param drainMs how long draining may take */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    const { clock, log } = this.#deps;
    const workers = this.workers;
    const timer = clock.setTimeout(() => {
      log.error('workers did not stop in time; they are killed');
      for (const worker of workers) worker.kill();
    }, drainMs + STOP_GRACE_MS);
    for (const worker of workers) worker.stop();
    await Promise.all(workers.map(({ ended }) => ended));
    timer.cancel();
  }

  #spawn(slot: number, failures: number): WorkerProcess {
    const { file, clock, log, starts, renderAll, beginRelay } = this.#deps;
    const start = starts[slot]!;
    const startedMs = clock.monotonicMs();
    const worker: WorkerProcess = new WorkerProcess({
      file,
      name: start.process,
      clock,
      log,
      start,
      peers: this.workers,
      renderAll,
      beginRelay,
      onClosed: (connection) => this.#closed(connection),
      onClaim: (authKeyId) => this.#owners.claim(authKeyId, worker),
      onRelease: (authKeyId) => this.#owners.release(authKeyId, worker),
      onEnd: (untaken) => {
        this.#workers[slot] = undefined;
        this.#owners.releaseAll(worker);
        for (const connection of untaken) if (!this.hand(connection)) this.#drop(connection);
        if (this.#stopping) return;
        const wasStable = clock.monotonicMs() - startedMs > STABLE_MS;
        this.#restart(slot, wasStable ? 0 : failures);
      },
    });
    this.#workers[slot] = worker;
    worker.send(this.#deps.welcome());
    return worker;
  }

  #restart(slot: number, failures: number): void {
    const pauseMs = RESTART_PAUSES_MS[Math.min(failures, RESTART_PAUSES_MS.length - 1)]!;
    this.#deps.clock.setTimeout(() => {
      if (!this.#stopping) this.#spawn(slot, failures + 1);
    }, pauseMs);
  }

  #drop(connection: HandedConnection): void {
    connection.handle.close();
    this.#closed(connection);
  }

  #closed(connection: HandedConnection): void {
    this.#owners.left(connection.authKeyId);
    this.#deps.onClosed(connection);
  }
}
