import { MasterKeys } from '@aerogram/blob';
import { findMissingMasterKeys } from '@aerogram/domain';
import { type Logger, OperatorError, type Random } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { type KeyConfig, masterKeySource } from './open-files.ts';

/** What an operator reads about a master key that is not there. @param description of the place where the keys come from */
function describeMissing(id: string, description: string): string {
  return `the master key ${id} is missing from ${description}: files that were encrypted with it cannot be read`;
}

/** Logs which master keys are missing, so that the operator does not learn it from users. The server starts: what needs other keys works. */
export async function reportMissingMasterKeys({ db, keys, log }: { db: Pick<Database, 'run'>; keys: Pick<MasterKeys, 'ids' | 'description'>; log: Logger }): Promise<void> {
  for (const id of await findMissingMasterKeys(db, keys.ids)) log.error({ key: id }, describeMissing(id, keys.description));
}

/** Lists what is wrong with the master keys in the settings, one line for each key that stored files need and that cannot be read. */
export async function listMissingMasterKeys(db: Pick<Database, 'run'>, config: KeyConfig, random: Random): Promise<string[]> {
  const source = masterKeySource(config, random);
  try {
    const keys = await MasterKeys.open(source, random);
    return (await findMissingMasterKeys(db, keys.ids)).map((id) => describeMissing(id, source.description));
  } catch (error) {
    const isUnreadable = error instanceof OperatorError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!isUnreadable) throw error;
    const needed = await findMissingMasterKeys(db, []);
    return needed.map((id) => `${describeMissing(id, source.description)} (${(error as Error).message})`);
  }
}
