import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ClientAddress } from '@aerogram/gateway';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import type { DomainRoute } from '../http/domain-routes.ts';
import type { HandedTransport, ToSupervisor, ToWorker } from './control.ts';
import { FIRST_BUS_FD } from './control.ts';
import { detachSocket, type SocketHandle } from './detach-socket.ts';

/** A connection that is being passed to a worker or belongs to it. */
export interface HandedConnection {
  transport: HandedTransport;
  /** The key of its first packet; 0 for a handshake, and over HTTP. */
  authKeyId: bigint;
  /** For HTTP: which worker has to answer its first request. */
  route?: DomainRoute;
  /** Bytes that were already read from it. */
  bytes: Uint8Array;
  handle: SocketHandle;
  /** The client's addresses, which the worker cannot see behind a proxy. */
  client: ClientAddress;
  /** The address for which the limits count it; undefined for a proxy's own connection. */
  countedFor: string | undefined;
}

export interface WorkerProcessDeps {
  /** The built program of a worker. */
  file: string;
  name: string;
  clock: Clock;
  log: Logger;
  start: Omit<Extract<ToWorker, { kind: 'start' }>, 'peers'>;
  /** The existing workers, to which its bus is connected; workers started later connect to it. */
  peers: readonly WorkerProcess[];
  /** The metrics of all processes. */
  renderAll(): Promise<string>;
  /** Begins the relay of calls. @returns its port */
  beginRelay(): Promise<number>;
  onClaim(authKeyId: bigint): boolean;
  onRelease(authKeyId: bigint): void;
  /** Called when a connection of the worker has ended. */
  onClosed(connection: HandedConnection): void;
  /** Called when the process has ended for whatever reason; the `untaken` connections never reached it. */
  onEnd(untaken: HandedConnection[]): void;
}

/** A worker whose event loop has been blocked this long, in milliseconds, is considered stuck. */
const STUCK_MS = 60_000;

const PING_EVERY_MS = 5_000;
const METRICS_TIMEOUT_MS = 2_000;

/** One worker as its supervisor sees it: the process, its connections, and the messages to it. */
export class WorkerProcess {
  readonly name: string;
  /** The worker has reported that it serves, and was not told to stop. */
  isReady = false;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  readonly #deps: WorkerProcessDeps;
  readonly #child: ChildProcess;
  readonly #connections = new Map<number, HandedConnection>();
  /** Connections sent to the worker that it has not taken yet. */
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
    // Callers that wait for it get the error; a restart does not wait.
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
    // A pipe of `stdio` is a socket, which works in both directions; this process only passes its ends on.
    for (const [index, peer] of peers.entries()) peer.#join(this.#child.stdio[FIRST_BUS_FD + index] as Socket);
    this.#watch = clock.setInterval(() => this.#look(), PING_EVERY_MS);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Number of connections that it has or will have. */
  get connections(): number {
    return this.#connections.size;
  }

  get httpPath(): string {
    return this.#deps.start.httpPath;
  }

  send(message: ToWorker, handle?: SocketHandle): void {
    if (!this.#child.connected) return;
    // A failure means that the process is ending, which is handled in its exit handler.
    this.#child.send(message, handle as never, {}, () => {});
  }

  /** Passes a connection to the worker; this process keeps the handle until the worker has it. */
  hand(connection: HandedConnection): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#connections.set(id, connection);
    this.#untaken.add(id);
    const { transport, bytes, client, handle } = connection;
    this.send({ kind: 'connection', id, transport, bytes, client }, handle);
  }

  /** Returns the worker's metrics; empty if it does not respond in time. */
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

  /** Tells it to drain and exit. */
  stop(): void {
    this.isReady = false;
    this.send({ kind: 'stop' });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Passes one end of a pipe to another worker to this worker, before anything was read from it. */
  #join(pipe: Socket): void {
    const handle = detachSocket(pipe);
    if (!handle) return;
    if (!this.#child.connected) return handle.close();
    // If the worker ends meanwhile, the pipe is closed, which the other worker notices.
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
      case 'all metrics':
        // Without an answer the worker gives up by itself.
        this.#deps.renderAll().then((text) => this.send({ kind: 'all metrics', text }), (error: unknown) => this.#deps.log.error({ err: error }, 'the metrics could not be collected'));
        return;
      case 'relay':
        return void this.#deps.beginRelay().then((port) => this.send({ kind: 'relay', port }));
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
