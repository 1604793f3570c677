import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPostmaster, killTree, type RawAccount, type ServerProcess } from '@aerogram/dev-env/load';
import { RawClientError } from '@aerogram/mtproto/client';
import { type Random, silentLogger } from '@aerogram/runtime';
import { type EmbeddedPostgres, startEmbedded } from '@aerogram/storage';

/** `embedded`: PostgreSQL 18 started by the server; a major version such as `15`: an installed one, started separately. */
export type Engine = 'embedded' | '15';

/** How long clients may get retryable errors after the database was killed, in milliseconds. */
const RECOVERY_MS = 30_000;

/** SIGKILL for the server and its database, in random order, because a power cut has none. */
export async function killBoth(server: ServerProcess, external: EmbeddedPostgres | undefined, random: Random): Promise<void> {
  const postmaster = external ? external.pid : await findPostmaster(server.dataDir);
  const databaseFirst = random.uint31() % 2 === 0;
  if (databaseFirst && postmaster !== undefined) await killTree(postmaster);
  await server.kill('SIGKILL');
  if (!databaseFirst && postmaster !== undefined) await killTree(postmaster);
}

/** A cluster of an installed PostgreSQL, separate from the server. */
export async function startExternal(directory: string, major: string): Promise<EmbeddedPostgres> {
  return startEmbedded({ dataDir: join(directory, 'cluster'), log: silentLogger, engine: { binDir: `/usr/lib/postgresql/${major}/bin` } });
}

/** Like a client, retries after a closed connection or a 5xx answer. */
export async function connectPatiently(account: RawAccount, server: Pick<ServerProcess, 'info'>): Promise<void> {
  for (const deadline = performance.now() + RECOVERY_MS; ; await delay(100)) {
    try {
      return await account.connect(server.info);
    } catch (error) {
      if (!isRetryable(error) || performance.now() > deadline) throw error;
    }
  }
}

/** Errors after which clients retry by themselves; any other would lose a message. */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof RawClientError) || error.code >= 500;
}
