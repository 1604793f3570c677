import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRepositoryRoot } from './server-info.ts';
import type { ServerProcess } from './server-process.ts';

const run = promisify(execFile);

/** A link, as `aerogram dc list --json` shows it. */
export interface ListedLink {
  dc: number;
  state: 'up' | 'down' | 'paused' | 'removed';
  waiting: number;
}

/** Runs a command of the operator with the data directory of a server. Resolves with what it printed. */
export type Operate = (server: ServerProcess, ...command: readonly string[]) => Promise<string>;

/** Runs such a command. @param settings environment variables, besides those of this process @throws Error if it fails */
export async function runOperator(server: ServerProcess, command: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await run(process.execPath, [join(findRepositoryRoot(), 'dist', 'aerogram.js'), ...command, '--data-dir', server.dataDir], { env: { ...process.env, ...settings } })).stdout;
}

/** Lists the links of a home. */
export const listLinks = async (operate: Operate, server: ServerProcess): Promise<ListedLink[]> => JSON.parse(await operate(server, 'dc', 'list', '--json')) as ListedLink[];
