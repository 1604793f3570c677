import { defineMethod } from '@aerogram/rpc';

import { accessButtonPerson } from './access-button-person.ts';

export const getBotMenuButton = defineMethod({
  method: 'bots.getBotMenuButton',
  access: 'bot',
  cost: 1,
  repeat: 'read',
  handler: async (ctx, { user_id: input }) => ctx.domain.botInfos.findMenuButton(ctx.userId, await accessButtonPerson(ctx, input)),
});
