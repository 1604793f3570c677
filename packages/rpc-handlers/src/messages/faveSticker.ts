import { defineMethod } from '@aerogram/rpc';

import { changeKept } from '../kept-call.ts';

export const faveSticker = defineMethod({
  method: 'messages.faveSticker',
  access: 'user',
  cost: 2,
  repeat: 'idempotent',
  handler: (ctx, { id, unfave }) => changeKept(ctx, 'favedStickers', { id, unsave: unfave }),
});
