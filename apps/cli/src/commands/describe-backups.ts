import { existsSync } from 'node:fs';
import { loadOrCreateServerKeys } from '@aerogram/mtproto';
import { keysDirectory, type LastBackup } from '@aerogram/node';
import { type Config, readServerFile } from '@aerogram/runtime';
import { isProcessAlive } from '../open-database.ts';
import type { CliOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { formatBytes } from '../progress.ts';

/** When the last backup was made, by whom, and which will be made. */
export function describeBackups({ config: { backupDir, backupEveryMs, backupKeep } }: CliOptions, { good, failure }: LastBackup): Output {
  const scheduled = backupDir === undefined ? null : { directory: backupDir, every_ms: backupEveryMs, kept: backupKeep };
  const lines = [
    ...(scheduled === null ? [] : [`backups    every ${describeEvery(backupEveryMs)} in ${scheduled.directory}, of which ${backupKeep} are kept`]),
    ...(good === undefined ? [] : [`backup     ${good.finished_at}, ${formatBytes(good.bytes)}, ${good.directory}`]),
    ...(failure === undefined ? [] : [`backup     FAILED at ${failure.at}: ${failure.reason}`]),
  ];
  return { value: { scheduled, last: good ?? null, failure: failure ?? null }, lines };
}

function describeEvery(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes % 1440 === 0) return minutes === 1440 ? 'day' : `${minutes / 1440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} minutes`;
}

/** How many keys the data directory has that the running server has not read. Keys that cannot be read are not for this command to judge. */
export async function countNewKeys({ dataDir }: Pick<Config, 'dataDir'>): Promise<number> {
  const server = readServerFile(dataDir);
  if (!server || !isProcessAlive(server.pid) || !existsSync(keysDirectory(dataDir))) return 0;
  const known = new Set(server.public_keys.map(({ fingerprint }) => fingerprint));
  const none = (): Promise<never> => Promise.reject(new Error('no key is made here'));
  const keys = await loadOrCreateServerKeys(keysDirectory(dataDir), { beforeCreating: none }).catch(() => undefined);
  return keys?.fingerprints.filter((fingerprint) => !known.has(fingerprint.toString())).length ?? 0;
}
