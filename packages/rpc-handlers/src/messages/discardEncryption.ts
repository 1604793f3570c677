import { defineMethod } from '@aerogram/rpc';

import { secretDeviceOf } from './secret-device.ts';

export const discardEncryption = defineMethod({
  method: 'messages.discardEncryption',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  async handler(ctx, { chat_id: chatId, delete_history: deletesHistory }) {
    await ctx.domain.secretChats.doDiscard(secretDeviceOf(ctx), chatId, deletesHistory === true);
    return true;
  },
});
