import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readServerFile, workerFile } from '@aerogram/runtime';
import type { ServerInfo } from './server-info.ts';
import { signalIfAlive } from './server-process.ts';
import { NO_FETCHES } from './no-fetches.ts';

const READY_WITHIN_MS = 120_000;
const LOOK_MS = 50;
const OUTPUT_KEPT = 64 * 1024;

/** Data centres of one cluster that `--dcs` has started, each in a process and with a database of its own. */
export class HomeProcesses implements AsyncDisposable {
  readonly root: string;
  readonly count: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #output = '';

  constructor(root: string, count: number, env: Readonly<Record<string, string>>) {
    this.root = root;
    this.count = count;
    const args = [workerFile('server'), '--dcs', String(count), '--data-dir', root, '--host', '127.0.0.1', '--port', '0', '--http-port', '0'];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, AEROGRAM_TEST_MODE: '1', ...NO_FETCHES, ...env } });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) stream.on('data', (chunk: Buffer) => void (this.#output = (this.#output + chunk.toString('utf8')).slice(-OUTPUT_KEPT)));
    this.#ended = new Promise((resolve) => void this.#child.once('close', (code) => resolve(code)));
  }

  /** The last 64 KiB of what they and the process that started them have said. */
  get output(): string {
    return this.#output;
  }

  /** Resolves with the exit code of the process that started them; null if a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** The data directory of a data centre. */
  dirOf(dc: number): string {
    return join(this.root, `dc${dc}`);
  }

  /** What a data centre says about itself, also if it was killed. */
  infoOf(dc: number): ServerInfo {
    const info = readServerFile(this.dirOf(dc));
    if (info === undefined) throw new Error(`data centre ${dc} was never ready\n${this.#output}`);
    return info;
  }

  /** Waits until all of them serve. @throws Error with their output if they end first, or are not ready in time */
  async ready(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!this.#output.includes(`serving  ${this.count} data centres`)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || performance.now() > deadline) throw new Error(`the data centres did not start\n${this.#output}`);
      await delay(LOOK_MS);
    }
  }

  /** Kills a data centre at once, without its database. */
  kill(dc: number): void {
    signalIfAlive(this.infoOf(dc).pid, 'SIGKILL');
  }

  /** Sends a signal to the process that started them, and waits until it has ended. @returns its exit code */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Starts data centres with `--dcs` and waits until they serve. Disposing ends them and deletes what they have. */
export async function startHomeProcesses(count: number, { root, env = {} }: { root?: string; env?: Readonly<Record<string, string>> } = {}): Promise<HomeProcesses> {
  const homes = new HomeProcesses(root ?? (await mkdtemp(join(tmpdir(), 'aerogram-homes-'))), count, env);
  try {
    await homes.ready();
  } catch (error) {
    await homes[Symbol.asyncDispose]();
    throw error;
  }
  return homes;
}
