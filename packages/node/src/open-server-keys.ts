import { join } from 'node:path';
import { loadOrCreateServerKeys, type ServerKeys } from '@aerogram/mtproto';
import { type Logger, OperatorError } from '@aerogram/runtime';
import { type Database, sql } from '@aerogram/storage';

/** The directory of the server's RSA keys. */
export function keysDirectory(dataDir: string): string {
  return join(dataDir, 'keys');
}

/**
 * Reads the server's keys. They are created for a new server, but not if the database has accounts, because their clients would refuse a
 * server with another key, and not if others serve beside this one.
 * @throws OperatorError when there is no key and the database has accounts or other nodes; Error naming the file that is not a key
 */
export function openServerKeys({ dataDir, db, log, hasOthers = false }: { dataDir: string; db: Pick<Database, 'q'>; log: Logger; hasOthers?: boolean }): Promise<ServerKeys> {
  const directory = keysDirectory(dataDir);
  return loadOrCreateServerKeys(directory, {
    async beforeCreating() {
      if (hasOthers) throw new OperatorError(`there is no key in ${directory}, but other nodes serve from this database: copy their directory of keys`);
      const { rows } = await sql<{ exists: boolean }>`
        SELECT EXISTS (SELECT FROM users WHERE phone IS NOT NULL AND NOT support) AS exists`.execute(db.q);
      if (!rows[0]!.exists) return;
      throw new OperatorError(
        `there is no key in ${directory}, but the database has accounts, whose clients know the server by its key: ` +
          'bring the directory back from a backup. If the key is lost, make another one with "aerogram key create", and give its public half to every client',
      );
    },
    created: ({ file, fingerprint }) => log.warn({ file, fingerprint: String(fingerprint) }, 'made a new server key: clients must know its public half'),
  });
}
