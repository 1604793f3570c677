import { defineMethod } from '@aerogram/rpc';

/** Only collectible usernames can be hidden, and there are none: the editable one is always active. */
export const toggleUsername = defineMethod({
  method: 'account.toggleUsername',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx, { username, active }) => {
    await ctx.domain.profile.checkUsernameToggle(ctx.userId, username, active);
    return true;
  },
});
