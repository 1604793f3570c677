import { defineMethod } from '@aerogram/rpc';

export const getState = defineMethod({
  method: 'updates.getState',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    const state = await ctx.domain.updates.findState(ctx.userId);
    // A client without a state of its own begins here: what happened before was pushed or does not matter to it.
    ctx.boxStep({ owner: ctx.userId, pts: state.pts, ptsCount: 0 });
    return state;
  },
});
