import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@aerogram/runtime';
import { DataDirectoryLocked, endLeftDatabase, lockDataDirectory } from '@aerogram/storage';

const PREFIX = 'aerogram-verify-';

/** What `mkdtemp` makes of the prefix. */
const NAME = new RegExp(`^${PREFIX}[A-Za-z0-9]{6}$`);

/** The names that a verification makes in its directory. A directory with any other name in it was made by something else. */
const INSIDE = new Set(['data', 'no-files']);

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The data directory of the copy that is tried, in a directory for it. */
const dataIn = (directory: string): string => join(directory, 'data');

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** Whether a path is a directory of this user: others, too, may write into the directory for temporary files. */
function isOwnDirectory(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === (process.geteuid?.() ?? stats.uid);
}

/** Removes what killed processes have left in the directory for temporary files: databases, some of them running, and secret keys. */
export async function clearTrialDirectories(log: Logger): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const directory = join(tmpdir(), name);
    if (!NAME.test(name) || !isOwnDirectory(directory) || !isOwnDirectory(dataIn(directory)) || !readdirSync(directory).every((inside) => INSIDE.has(inside))) continue;
    // Without a lock it is one that another process has made just now.
    if (!readdirSync(dataIn(directory)).some((file) => file.startsWith('server.lock.'))) continue;
    try {
      await lockDataDirectory(dataIn(directory));
      await endLeftDatabase(dataIn(directory), log);
      remove(directory);
    } catch (error) {
      if (!(error instanceof DataDirectoryLocked)) log.warn({ err: error, directory }, 'what a killed process has left cannot be removed');
    }
  }
}

/** Where a server is tried, which goes away after it. */
export interface TrialDirectory {
  directory: string;
  /** Where the data directory of the server has to be. */
  dataDir: string;
}

/** Runs `use` with a directory for temporary files, which is removed after it, also if a signal ends the process. */
export async function withTrialDirectory<T>(log: Logger, use: (trial: TrialDirectory) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  const dataDir = dataIn(directory);
  let ending: Promise<void> | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await endLeftDatabase(dataDir, log).catch(() => undefined);
    remove(directory);
    stopListening();
    process.kill(process.pid, signal);
    // The signal ends the process soon.
    await new Promise(() => {});
  };
  const onSignal = (signal: NodeJS.Signals): void => void (ending ??= end(signal));
  const stopListening = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await use({ directory, dataDir });
  } finally {
    await ending;
    stopListening();
    remove(directory);
  }
}
