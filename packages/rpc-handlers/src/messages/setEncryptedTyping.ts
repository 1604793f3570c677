import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

export const setEncryptedTyping = defineMethod({
  method: 'messages.setEncryptedTyping',
  access: 'user',
  cost: 1,
  quotas: ['typing', 'inboundTyping'],
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, typing: isTyping }) {
    // Clients stop showing it by themselves, so there is nothing to say about its end.
    if (isTyping) await ctx.domain.secretChats.doShowTyping(deviceOf(ctx), peer);
    return true;
  },
});
