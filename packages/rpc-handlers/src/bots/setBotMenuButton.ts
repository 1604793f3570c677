import { defineMethod } from '@aerogram/rpc';

import { accessButtonPerson } from './access-button-person.ts';

export const setBotMenuButton = defineMethod({
  method: 'bots.setBotMenuButton',
  access: 'bot',
  cost: 5,
  repeat: 'idempotent',
  async handler(ctx, { user_id: input, button }) {
    await ctx.domain.botInfos.doSetMenuButton(ctx.userId, await accessButtonPerson(ctx, input), button);
    return true;
  },
});
