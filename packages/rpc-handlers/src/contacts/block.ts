import { defineMethod } from '@aerogram/rpc';

import { changeBlock } from './change-block.ts';

export const block = defineMethod({
  method: 'contacts.block',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: (ctx, request) => changeBlock(ctx, request, true),
});
