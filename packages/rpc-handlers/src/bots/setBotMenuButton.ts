import { defineMethod } from '@aerogram/rpc';

import { accessMenuOwner } from './access-menu-owner.ts';

export const setBotMenuButton = defineMethod({
  method: 'bots.setBotMenuButton',
  access: 'bot',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { user_id: input, button }) {
    await ctx.domain.botInfos.doSetMenuButton(ctx.userId, await accessMenuOwner(ctx, input), button);
    return true;
  },
});
