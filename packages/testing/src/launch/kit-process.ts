import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { CloudError } from '../control/cloud-error.ts';
import { readLines } from '../lines.ts';
import { formatSpan } from '../span.ts';

/** What a server prints when it is ready. */
export interface ReadyLine {
  /** Root URL of the Bot API. */
  apiRoot: string;
  controlUrl: string;
  secret: string;
  /** Addresses and keys for clients of the MTProto API. */
  server: ServerDescription;
}

/** Addresses and keys of a server. */
export interface ServerDescription {
  dc_id: number;
  mtproto: { host: string; port: number };
  http: { host: string; port: number };
  public_keys: { pem: string; fingerprint: string }[];
  layer: number;
  test_mode: boolean;
  [more: string]: unknown;
}

/** What to start. */
export interface KitProcessOptions {
  kitFile: string;
  dataDir: string;
  /** Whether the limits of an ordinary server hold. */
  limits: boolean;
  /** Called with each line of the log. */
  log?: ((line: string) => void) | undefined;
  /** Called with the process id as soon as there is one, before the server is ready. */
  onSpawn?: (pid: number) => void;
}

/** Longest start, in milliseconds: making a database on a busy machine takes half a minute. */
const START_TIMEOUT_MS = 120_000;
/** How long a server may take to stop before it is told again, and then before it is killed, in milliseconds. */
const STOP_TIMEOUT_MS = 15_000;
/** Lines of the log that are kept for errors. */
const KEPT_LINES = 40;

/** Of the variables of the test runner: those that would change the server, or trace it. */
const LEFT_OUT = /^(NODE_OPTIONS|NODE_V8_COVERAGE|NODE_TEST_CONTEXT|AEROGRAM_.*)$/;

/** A running server. Its input is a pipe from this process: the server stops when the pipe closes, however this process ends. */
export class KitProcess {
  readonly ready: ReadyLine;
  /** Resolves when it has ended, in order or not. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #log: KeptLines;
  #stopping: Promise<boolean> | undefined;

  private constructor(child: ChildProcess, ready: ReadyLine, log: KeptLines) {
    this.#child = child;
    this.ready = ready;
    this.#log = log;
    this.exited = new Promise((resolve) => {
      if (hasExited(child)) resolve();
      else child.once('exit', () => resolve());
    });
    // A cloud that was forgotten must not keep the test process alive.
    child.unref();
    for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as Socket | null)?.unref();
  }

  /** Starts a server and waits until it is ready. @throws CloudError `start` with the last lines of its log */
  static async start(options: KitProcessOptions): Promise<KitProcess> {
    const { kitFile, dataDir, limits } = options;
    const log = new KeptLines(options.log);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name)));
    // A process group of its own: Ctrl-C in a terminal reaches the test runner, which may still need the server for its last steps.
    const child = spawn(process.execPath, [kitFile, '--data-dir', dataDir, ...(limits ? ['--limits'] : [])], { stdio: ['pipe', 'pipe', 'pipe'], env, detached: true });
    // What is written to a server that has ended is lost, which its exit tells.
    child.stdin.on('error', () => {});
    log.read(child.stderr);
    if (child.pid !== undefined) options.onSpawn?.(child.pid);
    try {
      return new KitProcess(child, await readReady(child, log), log);
    } catch (error) {
      child.kill('SIGKILL');
      const why = `the cloud did not start: ${(error as Error).message}`;
      throw new CloudError('start', log.text === '' ? why : `${why}\n\n${log.text}`);
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The last lines of its log. */
  get log(): string {
    return this.#log.text;
  }

  /** Why the server has ended, with the last lines of its log; undefined if it runs. */
  get endReason(): string | undefined {
    if (this.#stopping !== undefined) return 'it was stopped';
    if (!hasExited(this.#child)) return undefined;
    return `its server ended with ${this.#child.signalCode ?? `exit code ${this.#child.exitCode}`}\n\n${this.#log.text}`;
  }

  /** Stops the server with its database; calling it again waits for the same end. @returns whether it stopped in order */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<boolean> {
    this.#child.ref();
    this.#child.stdin?.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.#endsWithin(STOP_TIMEOUT_MS)) break;
      this.#child.kill(signal);
    }
    await this.exited;
    return this.#child.exitCode === 0;
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
    return Promise.race([this.exited.then(() => true), late]).finally(() => clearTimeout(timer));
  }
}

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The last lines of a log. */
class KeptLines {
  readonly #lines: string[] = [];
  readonly #listener: ((line: string) => void) | undefined;

  constructor(listener: ((line: string) => void) | undefined) {
    this.#listener = listener;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  read(pipe: NodeJS.ReadableStream): void {
    readLines(pipe, (line) => this.add(line));
  }

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#listener?.(line);
  }
}

/** Waits for the line that says where a server is; all other lines go to the log. @throws Error that says why it did not come */
function readReady(child: ChildProcess, log: KeptLines): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it was not ready in ${formatSpan(START_TIMEOUT_MS)}`)), START_TIMEOUT_MS);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    child.once('error', fail);
    // Not `exit`: the last lines of the log come after it.
    child.once('close', (code, signal) => fail(new Error(`its server ended with ${signal ?? `exit code ${code}`}`)));
    readLines(child.stdout!, (line) => {
      const ready = parseReady(line);
      if (ready === undefined) return log.add(line);
      clearTimeout(timer);
      resolve(ready);
    });
  });
}

function parseReady(line: string): ReadyLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const found = JSON.parse(line) as Partial<ReadyLine>;
    return typeof found.controlUrl === 'string' && typeof found.secret === 'string' && typeof found.apiRoot === 'string' ? (found as ReadyLine) : undefined;
  } catch {
    return undefined;
  }
}
