import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../messages/origin.ts';
import { accessBlockable } from './access-blockable.ts';

export const unblock = defineMethod({
  method: 'contacts.unblock',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { id, my_stories_from }) => {
    const user = await accessBlockable(ctx, id);
    const storiesOnly = my_stories_from === true;
    await ctx.domain.blocks.doBlock(ctx.userId, user, { storiesOnly, blocked: false }, originOf(ctx));
    return true;
  },
});
