import { defineMethod, joinLimits } from '@aerogram/rpc';

import { accessTarget, sendOne } from './send-one.ts';
import { REPLY_LIMITS, TEXT_LIMITS } from './text-limits.ts';

export const sendMessage = defineMethod({
  method: 'messages.sendMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, REPLY_LIMITS),
  repeat: 'random_id',
  presence: 'acting',
  async handler(ctx, req) {
    const peer = await accessTarget(ctx, req);
    const text = await ctx.domain.messages.normalizeText(ctx.userId, req.message, req.entities);
    return sendOne(ctx, req, peer, { text, noWebpage: req.no_webpage === true });
  },
});
