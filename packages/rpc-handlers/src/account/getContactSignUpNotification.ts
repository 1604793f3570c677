import { defineMethod } from '@aerogram/rpc';

/** True means silent; clients show the opposite. */
export const getContactSignUpNotification = defineMethod({
  method: 'account.getContactSignUpNotification',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => (await ctx.domain.privacy.findSettings(ctx.userId)).contact_sign_up_silent,
});
