import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, markProcess } from './running.ts';

/** Names say which process made the folder: its id, its start, something random. */
const NAME = /^(\d+)-(\w*)-\w+$/;

/** File with the server that works in the folder, which stops a little later than a test process that was killed. */
const SERVER = 'server.pid';

/** The folder of one cloud. */
export interface CloudFolder {
  /** Where its data directory goes; it does not exist yet. */
  dataDir: string;
  /** Notes which server works there. */
  noteServer(pid: number): void;
  remove(): Promise<void>;
}

/** Makes the folder of a new cloud. @param folder of all clouds */
export async function makeCloudFolder(folder: string): Promise<CloudFolder> {
  const path = join(folder, `${process.pid}-${markProcess(process.pid)?.start ?? ''}-${randomBytes(3).toString('hex')}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return {
    dataDir: join(path, 'd'),
    noteServer: (pid) => writeFileSync(join(path, SERVER), JSON.stringify(markProcess(pid) ?? {})),
    remove: () => removeFolder(path),
  };
}

/** Removes the folders of clouds whose test process and server have both ended, because the test process was killed. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owner = NAME.exec(name);
    if (owner === null || isRunning({ pid: Number(owner[1]), start: owner[2]! })) continue;
    const path = join(folder, name);
    if (!(await hasServer(path))) await removeFolder(path);
  }
}

async function hasServer(path: string): Promise<boolean> {
  try {
    const { pid, start } = JSON.parse(await readFile(join(path, SERVER), 'utf8')) as { pid?: number; start?: string };
    return pid !== undefined && isRunning({ pid, start: start ?? '' });
  } catch {
    return false;
  }
}

function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
