import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** How a part of a cluster is run. */
export interface PartCommand {
  /** As it is killed, stopped and logged. */
  name: string;
  command: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Runs as this user, where the program refuses to run as root. */
  user?: string | undefined;
  /** Gets all that the process writes. */
  logFile: string;
}

/** Pauses before a part that ended is started again, in milliseconds; the last one for all that follow. */
const PAUSES_MS = [500, 1000, 2000, 5000];
/** A part that ran this long has not failed to start. */
const STEADY_MS = 20_000;
/** Time to end in order, in milliseconds. */
const STOP_MS = 40_000;

/** One process of a cluster. When it ends, it is started again after a pause. */
export class Part {
  readonly name: string;
  readonly #command: PartCommand;
  readonly #log: (line: string) => void;
  #child: ChildProcess | undefined;
  #pause: NodeJS.Timeout | undefined;
  #failures = 0;
  #isWanted = false;

  /** @param log is told of each end that nobody wanted */
  constructor(command: PartCommand, log: (line: string) => void) {
    this.name = command.name;
    this.#command = command;
    this.#log = log;
  }

  /** Process id, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#isWanted = true;
    if (this.#child !== undefined) return;
    clearTimeout(this.#pause);
    const { command, env, user, logFile } = this.#command;
    const becomes = user === undefined ? [] : ['--reuid', user, '--regid', user, '--init-groups'];
    const log = openSync(logFile, 'a');
    const startedMs = performance.now();
    // A group of its own, because Ctrl-C of a terminal reaches a whole group, and parts end one after the other.
    const child = spawn('setpriv', [...becomes, '--pdeathsig', 'TERM', ...command], { detached: true, stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    closeSync(log);
    this.#child = child;
    child.once('error', (error) => {
      if (child.pid === undefined) this.#child = undefined;
      this.#log(`${this.name}: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      if (!this.#isWanted) return;
      if (performance.now() - startedMs > STEADY_MS) this.#failures = 0;
      const pauseMs = PAUSES_MS[Math.min(this.#failures++, PAUSES_MS.length - 1)]!;
      this.#log(`${this.name} ended (${signal ?? code}) and is started again; see ${logFile}`);
      this.#pause = setTimeout(() => this.start(), pauseMs);
    });
  }

  /** Sends a signal, if it runs: `SIGKILL`, or `SIGSTOP` and later `SIGCONT`. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends it in order, and for good; by force if it takes too long. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#pause);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const force = setTimeout(() => {
      this.#log(`${this.name} does not end and is killed`);
      child.kill('SIGKILL');
    }, STOP_MS);
    await ended;
    clearTimeout(force);
  }
}
