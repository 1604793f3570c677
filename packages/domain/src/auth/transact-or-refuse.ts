import { RpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';

/**
 * Runs a transaction that may end with an error and still commit, so that wrong guesses stay counted.
 * @param fn returns the error to throw after the commit; an exception from it rolls back as usual
 */
export async function transactOrRefuse<T>(db: Database, name: string, fn: (tx: Tx) => Promise<T | RpcError>): Promise<T> {
  const outcome = await db.transact(name, fn);
  if (outcome instanceof RpcError) throw outcome;
  return outcome;
}
