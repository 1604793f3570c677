import type { tl } from '@mtcute/core';
import type { Account } from './account.ts';

/** Proves the password of the account, which itself never leaves this browser. An account without one has nothing to prove: the server says what that means. */
export async function provePassword(account: Account, password: string): Promise<tl.TypeInputCheckPasswordSRP> {
  const state = await account.call({ _: 'account.getPassword' });
  return state.hasPassword ? await account.client.computeSrpParams(state, password) : { _: 'inputCheckPasswordEmpty' };
}
