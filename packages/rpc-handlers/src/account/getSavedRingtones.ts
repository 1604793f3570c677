import { defineMethod } from '@aerogram/rpc';

import { listKept } from '../kept-call.ts';

export const getSavedRingtones = defineMethod({
  method: 'account.getSavedRingtones',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { hash: known }) {
    const found = await listKept(ctx, 'ringtones', known);
    return found === undefined ? { _: 'account.savedRingtonesNotModified' } : { _: 'account.savedRingtones', hash: found.hash, ringtones: found.documents };
  },
});
