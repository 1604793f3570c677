import { defineMethod } from '@aerogram/rpc';

import { changeKept } from '../kept-call.ts';

export const saveRingtone = defineMethod({
  method: 'account.saveRingtone',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { id, unsave }) {
    await changeKept(ctx, 'ringtones', { id, unsave });
    return { _: 'account.savedRingtone' };
  },
});
