import { defineMethod } from '@aerogram/rpc';

import { changeBlock } from './change-block.ts';

export const unblock = defineMethod({
  method: 'contacts.unblock',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: (ctx, request) => changeBlock(ctx, request, false),
});
