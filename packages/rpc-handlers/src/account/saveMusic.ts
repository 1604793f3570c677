import { defineMethod } from '@aerogram/rpc';

import { changeKept } from '../kept-call.ts';

export const saveMusic = defineMethod({
  method: 'account.saveMusic',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: (ctx, { id, unsave, after_id: after }) => changeKept(ctx, 'music', { id, unsave, after }),
});
