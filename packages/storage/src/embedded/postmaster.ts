import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Logger } from '@aerogram/runtime';
import type { Binaries } from './binaries.ts';
import type { RunAs } from './run-as.ts';

/** How a program ended, and its last lines of output. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  lines: string[];
}

/** Number of output lines kept for error messages. */
const KEPT_LINES = 20;

/** Starts a PostgreSQL program as the right user, in its own process group so that Ctrl-C only reaches the server. */
export function spawnProgram(binaries: Binaries, runAs: RunAs, program: string, args: string[]): ChildProcess {
  const command = [...runAs.prefix, `${binaries.binDir}/${program}`, ...args];
  return spawn(command[0]!, command.slice(1), {
    env: { ...process.env, ...binaries.env, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(runAs.uid === undefined ? {} : { uid: runAs.uid, gid: runAs.gid }),
  });
}

/** Waits for a program to end; `onLine` gets each line of its output. */
export function waitForExit(child: ChildProcess, onLine: (line: string) => void = () => {}): Promise<Exit> {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, lines }));
  });
}

/** A running postmaster. */
export interface Postmaster {
  readonly pid: number;
  readonly exited: Promise<Exit>;
}

/**
 * Starts `postgres` and waits until it accepts connections.
 * @returns the postmaster, or how it ended before it was ready
 */
export async function launchPostmaster(
  { binaries, runAs }: { binaries: Binaries; runAs: RunAs },
  pgData: string,
  settings: Record<string, string>,
  { log, onProgress }: { log: Logger; onProgress: (words: string) => void },
): Promise<Postmaster | Exit> {
  const args = ['-D', pgData, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawnProgram(binaries, runAs, 'postgres', args);
  return new Promise((resolve, reject) => {
    const exited = waitForExit(child, (line) => {
      // Connections closed by a shutdown are not errors.
      if (/^(FATAL|PANIC)/.test(line) && !line.includes('due to administrator command')) log.error({ component: 'postgres' }, line);
      else log.debug({ component: 'postgres' }, line);
      const progress = findProgress(line);
      if (progress !== undefined) onProgress(progress);
      if (line.includes('database system is ready to accept connections')) resolve({ pid: child.pid!, exited });
    });
    exited.then(resolve, reject);
  });
}

/** Describes the progress of a recovery from a log line of a starting database: where it begins, then every second how far it is. */
export function findProgress(line: string): string | undefined {
  const from = /redo starts at (\S+)/.exec(line)?.[1];
  if (from !== undefined) return `the database reads its log again, from ${from}`;
  const [, seconds, at] = /redo in progress, elapsed time: (\S+) s, current LSN: (\S+)/.exec(line) ?? [];
  if (at !== undefined) return `the database reads its log again, at ${at} after ${seconds} s`;
  return /redo done at/.test(line) ? 'the database writes what it recovered' : undefined;
}
