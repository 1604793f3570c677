import { defineMethod } from '@aerogram/rpc';

export const setGlobalPrivacySettings = defineMethod({
  method: 'account.setGlobalPrivacySettings',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: (ctx, { settings }) => ctx.domain.privacy.doSetGlobalSettings(ctx.userId, settings),
});
