import type { Account } from './account.ts';

/** Makes a function that asks the server once for each account and keeps the answer. After a failure the next call asks again. */
export function askOnce<T>(load: (account: Account) => Promise<T>): (account: Account) => Promise<T> {
  const known = new WeakMap<Account, Promise<T>>();
  return (account) => {
    const asked = known.get(account) ?? load(account);
    known.set(account, asked);
    asked.catch(() => known.delete(account));
    return asked;
  };
}
