import { type ChildProcess, fork } from 'node:child_process';
import type { CallRelay, OwnRelay } from '@aerogram/domain';
import { type Clock, defineCounter, defineGauge, type Logger, type Metrics, type TimerHandle, workerFile } from '@aerogram/runtime';
import type { TurnCounts } from '@aerogram/turn';

import type { FromRelay, RelayStart } from './relay-messages.ts';
import { type RelayPlace, relaysAt } from './relay-place.ts';
import { noteRelay, readRelayNote } from './relay-note.ts';
import { RelayWait } from './relay-wait.ts';

const relayedMetric = defineGauge({ name: 'aerogram_calls_relay_allocations', help: 'Addresses that the relay of calls holds for devices now; a call that both sides relay has two.' });
const bytesMetric = defineCounter({ name: 'aerogram_calls_relay_bytes_total', help: 'Bytes of calls that were relayed, in both directions.' });
const droppedMetric = defineCounter({ name: 'aerogram_calls_relay_dropped_total', help: 'Packets that were not relayed: over the limit of a device, or without its permission.' });
const startsMetric = defineCounter({ name: 'aerogram_calls_relay_starts_total', help: 'Starts of the process that relays calls.' });

/** Pauses before a process that has ended is begun again, in milliseconds. */
const PAUSES_MS = [0, 200, 1000, 5000];
/** After running this long, in milliseconds, the next restart begins with the shortest pause again. */
const STABLE_MS = 60_000;

const HEAP_MIB = 128;

export interface RelayProcessDeps {
  place: RelayPlace;
  secret: string;
  dataDir: string;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** Called when the process listens. */
  onListening?: ((port: number) => void) | undefined;
}

/** The relay of this server in a process of its own, which is begun with the first call, and again when it ends. It stays on the same port. */
export class RelayProcess implements OwnRelay, AsyncDisposable {
  readonly secret: string;
  readonly #deps: RelayProcessDeps;
  #child: ChildProcess | undefined;
  #port: number;
  #isWanted = false;
  #isListening = false;
  #isStopped = false;
  /** The last start has failed: no call waits for the next one. */
  #hasFailed = false;
  readonly #wait: RelayWait;
  #restart: TimerHandle | undefined;
  /** Counts of the process as it runs now. */
  #counts: TurnCounts | undefined;

  constructor(deps: RelayProcessDeps) {
    this.#deps = deps;
    this.secret = deps.secret;
    this.#wait = new RelayWait(deps.clock);
    // A port that the system chose stays the same, also after a restart of the server.
    this.#port = deps.place.listen.port || (readRelayNote(deps.dataDir)?.port ?? 0);
  }

  /** The process id; undefined if it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Where it listens; 0 if that is not known yet. */
  get port(): number {
    return this.#port;
  }

  list(): readonly CallRelay[] {
    return relaysAt(this.#deps.place, this.#port);
  }

  begin(): Promise<void> {
    if (this.#isListening || this.#isStopped) return Promise.resolve();
    if (!this.#isWanted) {
      this.#isWanted = true;
      this.#spawn(0);
    }
    // Calls go on without it.
    if (this.#hasFailed) return Promise.resolve();
    return this.#wait.wait();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#restart?.cancel();
    this.#wait.goOn();
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await ended;
    noteRelay(this.#deps.dataDir, { port: this.#port, pid: 0, allocations: 0 });
  }

  #spawn(failures: number): void {
    try {
      this.#start(failures);
    } catch (error) {
      // The program is not there, or the system has no room for it.
      this.#deps.log.error({ err: error }, 'calls cannot be relayed');
      this.#fail();
      this.#planNext(failures);
    }
  }

  #planNext(failures: number): void {
    this.#restart = this.#deps.clock.setTimeout(() => this.#spawn(failures + 1), PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)]!);
  }

  #fail(): void {
    this.#hasFailed = true;
    this.#wait.goOn();
  }

  #start(failures: number): void {
    const { place, secret, clock, log, metrics } = this.#deps;
    const startedMs = clock.monotonicMs();
    // Settings of the server, such as master keys and the address of the database, are not for a process that strangers send packets to.
    const child = fork(workerFile('relay-worker'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
      env: { PATH: process.env['PATH'] },
      execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    });
    this.#child = child;
    this.#counts = undefined;
    metrics.counter(startsMetric).inc();
    let hasEnded = false;
    const end = (how: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      this.#child = undefined;
      this.#isListening = false;
      metrics.gauge(relayedMetric).set(0);
      if (this.#isStopped) return;
      const isStable = clock.monotonicMs() - startedMs > STABLE_MS;
      // It ends again and again.
      if (!isStable && failures >= PAUSES_MS.length) this.#fail();
      log.warn({ how }, 'the process that relays calls has ended; it is begun again');
      this.#planNext(isStable ? 0 : failures);
    };
    child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    child.once('error', (error) => end(error.message));
    child.on('message', (message) => this.#hear(message as FromRelay));
    const start: RelayStart = { kind: 'start', ...place, listen: { ...place.listen, port: this.#port }, secret };
    // A failure means that the process ends. Without room for a pipe there is no `send`.
    (child as Partial<ChildProcess>).send?.(start, () => {});
  }

  #hear(message: FromRelay): void {
    const { log, dataDir, onListening, metrics } = this.#deps;
    switch (message.kind) {
      case 'listening':
        this.#port = message.port;
        this.#isListening = true;
        this.#hasFailed = false;
        log.info({ port: message.port }, 'relaying calls');
        noteRelay(dataDir, { port: message.port, pid: this.#child?.pid ?? 0, allocations: 0 });
        onListening?.(message.port);
        return this.#wait.goOn();
      case 'failed':
        log.error({ reason: message.reason }, 'calls cannot be relayed');
        noteRelay(dataDir, { port: this.#port, pid: 0, allocations: 0, problem: message.reason });
        // Another program may have the port that the system chose before.
        this.#port = this.#deps.place.listen.port;
        return this.#fail();
      case 'counts': {
        const before = this.#counts;
        this.#counts = message.counts;
        metrics.gauge(relayedMetric).set(message.allocations);
        metrics.counter(bytesMetric).inc(message.counts.bytes - (before?.bytes ?? 0));
        metrics.counter(droppedMetric).inc(message.counts.dropped - (before?.dropped ?? 0));
        noteRelay(dataDir, { port: this.#port, pid: this.#child?.pid ?? 0, allocations: message.allocations });
      }
    }
  }
}
