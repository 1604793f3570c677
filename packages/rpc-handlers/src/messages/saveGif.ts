import { defineMethod } from '@aerogram/rpc';

import { changeKept } from '../kept-call.ts';

export const saveGif = defineMethod({
  method: 'messages.saveGif',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  handler: (ctx, { id, unsave }) => changeKept(ctx, 'gifs', { id, unsave }),
});
