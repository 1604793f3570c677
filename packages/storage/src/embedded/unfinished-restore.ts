import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Logger, OperatorError } from '@aerogram/runtime';
import { clearStalePostmaster } from './stale-postmaster.ts';

const RESTORING = /^postgres-\d+\.restoring$/;

/** What a restore makes in a data directory, besides the database. */
const MADE = new Set(['keys', 'blobs', 'postgres-lib']);

/** The name of the database's directory until its restore has ended. It is there from the first to the last step. */
export function restoringName(major: number): string {
  return `postgres-${major}.restoring`;
}

/** The database that a killed restore has left in a data directory, if there is no finished one: its name there. */
export function findUnfinishedRestore(dataDir: string): string | undefined {
  if (!existsSync(dataDir)) return undefined;
  const names = readdirSync(dataDir);
  return names.some((name) => /^postgres-\d+$/.test(name)) ? undefined : names.find((name) => RESTORING.test(name));
}

/** @throws OperatorError if a killed restore has left a part of a server, which must not become an empty one */
export function checkNoUnfinishedRestore(dataDir: string): void {
  const name = findUnfinishedRestore(dataDir);
  if (name === undefined) return;
  throw new OperatorError(
    `a restore into ${dataDir} was not finished (it left ${name}): run "aerogram restore" with the backup again, which begins anew; ` +
      'to begin with an empty server instead, remove what is in the directory',
  );
}

/** Ends the database that a restore has started, if it still runs. Only the holder of the data directory's lock may call it. */
export async function endLeftDatabase(dataDir: string, log: Logger): Promise<void> {
  if (!existsSync(dataDir)) return;
  for (const name of readdirSync(dataDir)) if (RESTORING.test(name)) await clearStalePostmaster(path.join(dataDir, name), log);
}

/**
 * Removes what a killed restore has left, so that another one can begin; the backup still has all of it. Only the holder of the data directory's lock may call it.
 * @throws OperatorError if the directory has anything that no restore makes
 */
export async function clearUnfinishedRestore(dataDir: string, log: Logger): Promise<void> {
  const names = readdirSync(dataDir).filter((name) => !name.startsWith('server.lock'));
  const strange = names.filter((name) => !RESTORING.test(name) && !MADE.has(name));
  if (strange.length > 0) {
    throw new OperatorError(`a restore into ${dataDir} was not finished, and there is more in it now (${strange.slice(0, 3).join(', ')}): move this away, or restore into a new directory`);
  }
  await endLeftDatabase(dataDir, log);
  // What tells that the restore was not finished goes last.
  for (const name of names.sort((a, b) => Number(RESTORING.test(a)) - Number(RESTORING.test(b)))) rmSync(path.join(dataDir, name), { recursive: true, force: true });
}
