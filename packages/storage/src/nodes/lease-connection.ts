import type { Clock } from '@aerogram/runtime';
import pg from 'pg';
import { columnTypes } from '../database/column-types.ts';
import { DatabaseUnavailable } from '../database/errors.ts';

/** A statement that takes longer is ended, in milliseconds. */
const STATEMENT_MS = 3_000;

/** Runs `fn`, and rejects when that takes longer than `ms`; `fn` is told by its argument that nobody waits for it any more. */
export function within(ms: number, clock: Clock, fn: (isLate: () => boolean) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = clock.setTimeout(() => {
      isLate = true;
      reject(new DatabaseUnavailable('the database did not answer in time'));
    }, ms);
    fn(() => isLate)
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}

/** Connects for the lease, beside the pool. @throws DatabaseUnavailable */
export async function connectLease(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'aerogram lease',
    connectionTimeoutMillis: STATEMENT_MS,
    // Longer than the limit of the database, whose error says that the statement has waited for a lock; the error of this one does not.
    query_timeout: STATEMENT_MS + 1_000,
    statement_timeout: STATEMENT_MS,
    keepAlive: true,
    types: columnTypes,
  });
  // Until a real listener is attached. If the connection ends before that, the next query fails.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new DatabaseUnavailable('the database cannot be reached', { cause: error });
  }
}

/** Runs `fn` with a connection of its own. @throws DatabaseUnavailable, or what `fn` throws */
export async function onItsOwn<T>(url: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectLease(url);
  try {
    return await fn(client);
  } finally {
    await client.end().catch(() => {});
  }
}
