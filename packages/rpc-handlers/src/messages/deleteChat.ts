import { defineMethod } from '@aerogram/rpc';

import { actingIn } from '../group-call.ts';

export const deleteChat = defineMethod({
  method: 'messages.deleteChat',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id: chatId }) {
    await ctx.domain.groups.doDelete(actingIn(ctx, chatId));
    return true;
  },
});
