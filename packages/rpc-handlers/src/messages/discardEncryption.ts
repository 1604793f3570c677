import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const discardEncryption = defineMethod({
  method: 'messages.discardEncryption',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, { chat_id: chatId, delete_history: deletesHistory }) {
    await ctx.domain.secretChats.doDiscard(deviceOf(ctx), chatId, deletesHistory === true);
    return true;
  },
});
