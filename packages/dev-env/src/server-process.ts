import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readServerFile } from '@aerogram/runtime';
import { findRepositoryRoot, type ServerInfo } from './server-info.ts';
import { placeServerKey } from './server-key.ts';
import { NO_FETCHES } from './no-fetches.ts';

/** Options of a server in a separate process. */
export interface ServerProcessOptions {
  /** Kept between starts; by default a temporary directory, deleted on dispose. */
  dataDir?: string;
  /** Another program than the built one of this repository: path of its `server.js`. */
  program?: string;
  /** An external PostgreSQL; by default the embedded one. */
  databaseUrl?: string;
  /** Additional environment variables, such as AEROGRAM_TEST_DC. */
  env?: Record<string, string>;
  /** Path of the Node that runs it; by default that of this process. */
  node?: string;
  /** Arguments for Node itself, such as `--cpu-prof`. */
  nodeArguments?: string[];
  /** Time limit until `server.json` appears; 60,000 ms by default (initdb on a busy machine). */
  readyTimeoutMs?: number;
  /** Limit of open files, in the syntax of `ulimit`: `-Sn 256`. */
  fileLimit?: string;
  /** Called with all output of the process; `output` only keeps the last part. */
  onOutput?: (text: string) => void;
}

const OUTPUT_KEPT = 64 * 1024;

/** A server in a separate process, which can be killed at any time and restarted on the same ports. */
export class ServerProcess implements AsyncDisposable {
  readonly dataDir: string;
  private readonly options: ServerProcessOptions;
  private readonly ownsDataDir: boolean;
  private child: ChildProcess | undefined;
  private current: ServerInfo | undefined;
  private kept = '';
  private isFrozen = false;

  constructor(dataDir: string, ownsDataDir: boolean, options: ServerProcessOptions) {
    this.dataDir = dataDir;
    this.ownsDataDir = ownsDataDir;
    this.options = options;
  }

  /** Address, keys and layer of the running server; after a kill those of the last one. */
  get info(): ServerInfo {
    if (!this.current) throw new Error('the server was never ready');
    return this.current;
  }

  /** Whether the process that was started last runs still. */
  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The last 64 KiB of output, for the message of a failing test. */
  get output(): string {
    return this.kept;
  }

  /**
   * Starts the process and waits until it has written `server.json`.
   *
   * @param databaseUrl replaces the first URL (a restarted external cluster may have another one)
   * @throws when the process ends first or is not ready in time; the message contains its output
   */
  async start(databaseUrl = this.options.databaseUrl): Promise<ServerInfo> {
    const entry = this.options.program ?? join(findRepositoryRoot(), 'dist', 'server.js');
    if (!existsSync(entry)) throw new Error(`${entry} is not built: npm run build`);
    await rm(join(this.dataDir, 'server.json'), { force: true });
    const ports = this.current
      ? ['--port', String(this.current.mtproto.port), '--http-port', String(this.current.http.port)]
      : ['--port', '0', '--http-port', '0'];
    const node = [this.options.node ?? process.execPath, ...(this.options.nodeArguments ?? []), entry, '--data-dir', this.dataDir, '--host', '127.0.0.1', ...ports];
    const limited = this.options.fileLimit === undefined ? [] : ['sh', '-c', `ulimit ${this.options.fileLimit} && exec "$0" "$@"`];
    const [program, ...args] = [...limited, ...node];
    const child = spawn(program!, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        AEROGRAM_TEST_MODE: '1',
        ...NO_FETCHES,
        ...(databaseUrl ? { AEROGRAM_DATABASE_URL: databaseUrl } : {}),
        ...this.options.env,
      },
    });
    this.child = child;
    const keep = (chunk: Buffer): void => {
      const text = chunk.toString('utf8');
      this.kept = (this.kept + text).slice(-OUTPUT_KEPT);
      this.options.onOutput?.(text);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const deadline = performance.now() + (this.options.readyTimeoutMs ?? 60_000);
    for (;;) {
      const info = readServerFile(this.dataDir);
      if (info) {
        this.current = info;
        return info;
      }
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended with ${child.exitCode ?? child.signalCode} before it was ready\n${this.kept}`);
      }
      if (performance.now() > deadline) {
        await this.kill('SIGKILL');
        throw new Error(`the server was not ready in time\n${this.kept}`);
      }
      // Polling, because the other process signals that it is ready by a file.
      await delay(20);
    }
  }

  /** Sends the signal to the serving process and waits until it and its launcher have ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child) return;
    this.child = undefined;
    const ended = child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const serving = this.current?.pid;
    if (serving !== undefined && serving !== child.pid) signalIfAlive(serving, signal);
    child.kill(signal);
    // A frozen process would never see it.
    if (this.isFrozen) this.thaw();
    await ended;
  }

  /** Stops the serving process where it is until {@link thaw}: it answers nothing, and its connections stay. */
  freeze(): void {
    this.isFrozen = true;
    signalIfAlive(this.info.pid, 'SIGSTOP');
  }

  /** Lets a frozen process go on. */
  thaw(): void {
    this.isFrozen = false;
    signalIfAlive(this.info.pid, 'SIGCONT');
  }

  /** Waits until the process ends by itself. @returns its exit code; null if a signal ended it */
  async ended(): Promise<number | null> {
    const { child } = this;
    if (!child) throw new Error('the server does not run');
    if (child.exitCode === null && child.signalCode === null) await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return child.exitCode;
  }

  /** Kills the postmaster of the embedded database and its children at once, like a power cut. */
  async killDatabase(): Promise<void> {
    const postmaster = await findPostmaster(this.dataDir);
    if (postmaster !== undefined) await killTree(postmaster);
  }

  /** Process ids of the workers, if the server has any. */
  async listWorkers(): Promise<number[]> {
    const serving = this.child?.pid;
    if (serving === undefined) return [];
    const workers: number[] = [];
    for (const pid of await listChildren(serving)) {
      if ((await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('server-worker')) workers.push(pid);
    }
    return workers.sort((a, b) => a - b);
  }

  /** Kills one worker with SIGKILL; the server starts another. @param dice selects the worker */
  async killWorker(dice: number): Promise<number> {
    const workers = await this.listWorkers();
    const doomed = workers[dice % workers.length];
    if (doomed === undefined) throw new Error('the server has no worker');
    signalIfAlive(doomed, 'SIGKILL');
    return doomed;
  }

  /** Restarts the server with the same data directory and ports. */
  async restart(databaseUrl?: string): Promise<ServerInfo> {
    await this.kill('SIGKILL');
    return this.start(databaseUrl ?? this.options.databaseUrl);
  }

  /** Ends the process with SIGTERM and returns its exit code. */
  async stop(): Promise<number | null> {
    const child = this.child;
    await this.kill('SIGTERM');
    return child?.exitCode ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGTERM');
    if (this.ownsDataDir) await rm(this.dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * Runs `dist/server.js` in a separate process and waits until it is ready.
 *
 * @returns a handle whose `dispose` ends the process and deletes a temporary data directory
 * @throws see {@link ServerProcess.start}
 */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'aerogram-')));
  // A data directory with a key but without an embedded database counts as one that has lost its database.
  if (options.dataDir === undefined && options.databaseUrl !== undefined) await placeServerKey(dataDir);
  const server = new ServerProcess(dataDir, options.dataDir === undefined, options);
  try {
    await server.start();
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return server;
}

/** Process id of the PostgreSQL postmaster whose cluster is in or below a directory, from its `postmaster.pid`. */
export async function findPostmaster(directory: string, depth = 3): Promise<number | undefined> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.name === 'postmaster.pid')) {
    const first = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n', 1)[0];
    const pid = Number(first);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  }
  if (depth === 0) return undefined;
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const found = await findPostmaster(join(directory, entry.name), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Sends SIGKILL to a process and all its descendants, the parent first so that it does not restart any. */
export async function killTree(root: number): Promise<void> {
  const parents = await readParents();
  const doomed = [root];
  for (let i = 0; i < doomed.length; i++) {
    for (const [pid, parent] of parents) if (parent === doomed[i]) doomed.push(pid);
  }
  for (const pid of doomed) signalIfAlive(pid, 'SIGKILL');
}

/** Ids of the processes that a process has started itself. */
export async function listChildren(parent: number): Promise<number[]> {
  return [...(await readParents())].filter(([, one]) => one === parent).map(([pid]) => pid);
}

/** The parent of each running process. */
export async function readParents(): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The command in parentheses may contain spaces, so fields are counted after its last parenthesis.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (stat) parents.set(pid, parent);
  }
  return parents;
}

/** Sends a signal to a process, unless it has ended. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
