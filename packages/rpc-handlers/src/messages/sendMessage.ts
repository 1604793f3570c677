import { defineMethod, joinLimits } from '@aerogram/rpc';

import { PAGE_QUOTAS, SEND_QUOTAS } from '../quotas.ts';
import { MARKUP_LIMITS } from './prepare-markup.ts';
import { accessCommentedTarget, sendOne } from './send-one.ts';
import { REPLY_LIMITS, TEXT_LIMITS } from './text-limits.ts';

export const sendMessage = defineMethod({
  method: 'messages.sendMessage',
  access: ['user', 'bot'],
  cost: 1,
  limits: joinLimits(TEXT_LIMITS, REPLY_LIMITS, MARKUP_LIMITS),
  quotas: [...SEND_QUOTAS, ...PAGE_QUOTAS],
  repeat: 'random_id',
  elsewhere: { peer: 'works', reply_to: 'works' },
  presence: 'acting',
  async handler(ctx, req) {
    const target = accessCommentedTarget(ctx, req, [req.random_id]);
    const peer = target instanceof Promise ? await target : target;
    const normal = ctx.domain.messages.normalizeText(ctx.userId, req.message, req.entities);
    const text = normal instanceof Promise ? await normal : normal;
    return sendOne(ctx, req, peer, { text, noWebpage: req.no_webpage === true });
  },
});
