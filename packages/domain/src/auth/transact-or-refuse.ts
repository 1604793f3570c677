import { RpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';

/**
 * A transaction that may end in a refusal and still be committed: wrong guesses stay counted.
 * @param fn returns the error to refuse with; what it throws rolls back, as ever
 */
export async function transactOrRefuse<T>(db: Database, name: string, fn: (tx: Tx) => Promise<T | RpcError>): Promise<T> {
  const outcome = await db.transact(name, fn);
  if (outcome instanceof RpcError) throw outcome;
  return outcome;
}
