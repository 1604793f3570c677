import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import type { DomainRoute } from '../http/domain-routes.ts';
import type { HandedTransport, ToSupervisor, ToWorker } from './control.ts';
import { FIRST_BUS_FD } from './control.ts';
import { detachSocket, type SocketHandle } from './detach-socket.ts';

/** A connection on its way to a worker, or there. */
export interface HandedConnection {
  transport: HandedTransport;
  /** The key of its first packet; 0 for a handshake, and over HTTP. */
  authKeyId: bigint;
  /** Over HTTP: who has to answer its first request. */
  route?: DomainRoute;
  /** What was read of it. */
  bytes: Uint8Array;
  handle: SocketHandle;
  address: string;
}

export interface WorkerProcessDeps {
  /** The built program of a worker. */
  file: string;
  name: string;
  clock: Clock;
  log: Logger;
  start: Omit<Extract<ToWorker, { kind: 'start' }>, 'peers'>;
  /** The workers that it is joined to by the bus; those that are started later are joined to it. */
  peers: readonly WorkerProcess[];
  onClaim(authKeyId: bigint): boolean;
  onRelease(authKeyId: bigint): void;
  /** A connection that the worker had is over. */
  onClosed(connection: HandedConnection): void;
  /** The process has ended, whether asked to or not; `untaken` never reached it. */
  onEnd(untaken: HandedConnection[]): void;
}

/** An event loop that has not turned for so long does not turn again. */
const STUCK_MS = 60_000;
const PING_EVERY_MS = 5_000;
const METRICS_TIMEOUT_MS = 2_000;

/** One worker as its supervisor sees it: a process, what it serves, and how to speak to it. */
export class WorkerProcess {
  readonly name: string;
  /** It has said that it serves, and was not told to stop. */
  isReady = false;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  readonly #deps: WorkerProcessDeps;
  readonly #child: ChildProcess;
  readonly #connections = new Map<number, HandedConnection>();
  /** Sent, and not yet taken. */
  readonly #untaken = new Set<number>();
  readonly #scrapes = new Map<number, (text: string) => void>();
  readonly #watch: TimerHandle;
  #lastId = 0;
  #heardMs: number;
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(deps: WorkerProcessDeps) {
    const { clock, log, name, peers } = deps;
    this.#deps = deps;
    this.name = name;
    this.#heardMs = clock.monotonicMs();
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever waits for it is told; a restart does not wait.
    this.ready.catch(() => {});
    this.#child = fork(deps.file, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...peers.map(() => 'pipe' as const)],
      serialization: 'advanced',
      execArgv: process.execArgv,
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        if (code !== 0) log.error({ worker: name, code, signal }, 'a worker ended');
        this.#end();
        resolve();
      });
    });
    this.#child.on('error', (error) => log.error({ worker: name, err: error }, 'a worker cannot be reached'));
    this.#child.on('message', (message) => this.#hear(message as ToSupervisor));
    this.send({ ...deps.start, peers: peers.length });
    // A pipe of `stdio` is a socket, which goes both ways; this process only brings its ends together.
    for (const [index, peer] of peers.entries()) peer.#join(this.#child.stdio[FIRST_BUS_FD + index] as Socket);
    this.#watch = clock.setInterval(() => this.#look(), PING_EVERY_MS);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Connections that it has or is about to have. */
  get connections(): number {
    return this.#connections.size;
  }

  get httpPath(): string {
    return this.#deps.start.httpPath;
  }

  send(message: ToWorker, handle?: SocketHandle): void {
    if (!this.#child.connected) return;
    // A failure means that the process is ending: its end tells the rest.
    this.#child.send(message, handle as never, {}, () => {});
  }

  /** Gives the worker a connection; this process keeps its handle until the worker has it. */
  hand(connection: HandedConnection): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#connections.set(id, connection);
    this.#untaken.add(id);
    const { transport, bytes, handle } = connection;
    this.send({ kind: 'connection', id, transport, bytes }, handle);
  }

  /** The worker's metrics; empty when it does not answer in time. */
  renderMetrics(): Promise<string> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const timer = this.#deps.clock.setTimeout(() => finish(''), METRICS_TIMEOUT_MS);
      const finish = (text: string): void => {
        timer.cancel();
        this.#scrapes.delete(id);
        resolve(text);
      };
      this.#scrapes.set(id, finish);
      this.send({ kind: 'metrics', id });
    });
  }

  /** Asks it to drain and end. */
  stop(): void {
    this.isReady = false;
    this.send({ kind: 'stop' });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Gives the worker an end of a pipe to another one, before anything of it was read. */
  #join(pipe: Socket): void {
    const handle = detachSocket(pipe);
    if (!handle) return;
    if (!this.#child.connected) return handle.close();
    // One that ends meanwhile leaves the pipe closed, which the other one sees.
    this.#child.send({ kind: 'peer' } satisfies ToWorker, handle as never, {}, () => handle.close());
  }

  #hear(message: ToSupervisor): void {
    this.#heardMs = this.#deps.clock.monotonicMs();
    switch (message.kind) {
      case 'progress':
        this.#deps.log.debug({ worker: this.name, progress: message.words }, 'starting');
        return;
      case 'ready':
        this.isReady = true;
        this.#settle?.resolve();
        return;
      case 'failed':
        this.#deps.log.error({ worker: this.name, reason: message.reason }, 'a worker failed');
        this.#settle?.reject(new Error(`${this.name}: ${message.reason}`));
        return;
      case 'took':
        this.#untaken.delete(message.id);
        this.#connections.get(message.id)?.handle.close();
        return;
      case 'closed':
        for (const id of message.ids) this.#close(id);
        return;
      case 'claim':
        if (!this.#deps.onClaim(message.authKeyId)) this.send({ kind: 'disown', authKeyId: message.authKeyId });
        return;
      case 'release':
        return this.#deps.onRelease(message.authKeyId);
      case 'metrics':
        return this.#scrapes.get(message.id)?.(message.text);
      case 'pong':
    }
  }

  #close(id: number): void {
    const connection = this.#connections.get(id);
    if (!connection) return;
    this.#connections.delete(id);
    this.#deps.onClosed(connection);
  }

  #look(): void {
    const silentMs = this.#deps.clock.monotonicMs() - this.#heardMs;
    if (this.isReady && silentMs > STUCK_MS) {
      this.#deps.log.error({ worker: this.name, silent_ms: Math.round(silentMs) }, 'a worker does not turn any more; it is killed');
      this.kill();
      return;
    }
    this.send({ kind: 'ping' });
  }

  #end(): void {
    this.isReady = false;
    this.#watch.cancel();
    this.#settle?.reject(new Error(`${this.name} ended before it was ready`));
    for (const finish of this.#scrapes.values()) finish('');
    const untaken: HandedConnection[] = [];
    for (const [id, connection] of this.#connections) {
      if (this.#untaken.has(id)) untaken.push(connection);
      else this.#deps.onClosed(connection);
    }
    this.#connections.clear();
    this.#deps.onEnd(untaken);
  }
}
