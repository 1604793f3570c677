import { defineMethod } from '@aerogram/rpc';

export const getGlobalPrivacySettings = defineMethod({
  method: 'account.getGlobalPrivacySettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx) => ctx.domain.privacy.findGlobalSettings(ctx.userId),
});
