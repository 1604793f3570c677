import { AsyncLocalStorage } from 'node:async_hooks';

const acting = new AsyncLocalStorage<bigint>();

/** Does something as an admin: what it notes in the operators' log has the admin's id, whichever command it is. */
export function asAdmin<T>(userId: bigint, act: () => Promise<T>): Promise<T> {
  return acting.run(userId, act);
}

/** The admin who acts; null at the command line. */
export const actingAdmin = (): bigint | null => acting.getStore() ?? null;
