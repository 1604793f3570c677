import { defineMethod } from '@aerogram/rpc';

import { accessTarget, sendOne } from './send-one.ts';

export const sendMessage = defineMethod({
  method: 'messages.sendMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: { vectors: { entities: 1000 } },
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, req) {
    const peer = await accessTarget(ctx, req);
    const text = await ctx.domain.messages.normalizeText(ctx.userId, req.message, req.entities);
    return sendOne(ctx, req, peer, { text, noWebpage: req.no_webpage === true });
  },
});
