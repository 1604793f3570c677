import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { accessPrivacyKey, accessPrivacyRules } from './access-privacy-rules.ts';
import { projectPrivacy } from './project-privacy.ts';

export const setPrivacy = defineMethod({
  method: 'account.setPrivacy',
  access: 'user',
  cost: 10,
  itemCosts: { 'rules.users': 0.1, 'rules.chats': 0.1 },
  limits: { vectors: { rules: 20 } },
  repeat: 'idempotent',
  elsewhere: { rules: 'works' },
  handler: async (ctx, req) => {
    const key = accessPrivacyKey(req.key);
    const rules = await accessPrivacyRules(ctx, req.rules);
    await ctx.domain.privacy.doSetRules(ctx.userId, key, rules, originOf(ctx));
    return projectPrivacy(ctx, key);
  },
});
