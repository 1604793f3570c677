import { defineMethod } from '@aerogram/rpc';

/** What support has noted about a user; only support may ask. */
export const getUserInfo = defineMethod({
  method: 'help.getUserInfo',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, { user_id: input }) {
    const { peers, support } = ctx.domain;
    await support.check(ctx.userId);
    const { user_id: userId } = await peers.accessInputUser(ctx.userId, input);
    return support.findInfo(userId);
  },
});
