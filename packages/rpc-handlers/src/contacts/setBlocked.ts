import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { accessBlockable } from './access-blockable.ts';

export const setBlocked = defineMethod({
  method: 'contacts.setBlocked',
  access: 'user',
  cost: 30,
  itemCosts: { id: 0.1 },
  limits: { vectors: { id: 1000 } },
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id, my_stories_from }) => {
    const peerIds = await Promise.all(id.map((peer) => accessBlockable(ctx, peer)));
    await ctx.domain.blocks.doReplace(ctx.userId, peerIds, my_stories_from === true, originOf(ctx));
    return true;
  },
});
