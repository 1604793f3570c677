import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const finishTakeoutSession = defineMethod({
  method: 'account.finishTakeoutSession',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler({ userId, takeoutId, domain }, { success: isDone }) {
    if (takeoutId === undefined) throw rpcError('TAKEOUT_REQUIRED');
    await domain.auth.takeouts.doFinish(userId, takeoutId, isDone === true);
    return true;
  },
});
