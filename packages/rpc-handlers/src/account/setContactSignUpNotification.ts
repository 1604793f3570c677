import { defineMethod } from '@aerogram/rpc';

export const setContactSignUpNotification = defineMethod({
  method: 'account.setContactSignUpNotification',
  access: 'user',
  cost: 5,
  repeat: 'idempotent',
  handler: async (ctx, { silent }) => {
    await ctx.domain.privacy.doChangeSettings(ctx.userId, { contact_sign_up_silent: silent });
    return true;
  },
});
