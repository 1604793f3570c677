import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { actingIn } from '../group-call.ts';

export const editChatAdmin = defineMethod({
  method: 'messages.editChatAdmin',
  access: 'user',
  cost: 2,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { chat_id: chatId, user_id: input, is_admin: isAdmin }) {
    const { user_id: userId } = await ctx.domain.peers.accessInputUser(ctx.userId, input);
    await ctx.domain.groups.doEditAdmin(actingIn(ctx, chatId), userId, isAdmin);
    return true;
  },
});
