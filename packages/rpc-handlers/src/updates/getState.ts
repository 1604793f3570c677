import { defineMethod } from '@aerogram/rpc';

export const getState = defineMethod({
  method: 'updates.getState',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    // Read first: what comes in between is rather told once more than never.
    const position = await ctx.domain.updates.readPosition(ctx.userId);
    const state = await ctx.domain.updates.findState(ctx.userId);
    // A client without a state of its own begins here: what happened before was pushed or does not matter to it.
    ctx.boxStep({ owner: ctx.userId, pts: state.pts, ptsCount: 0, looseSeq: position.looseSeq });
    ctx.domain.positions.noteBegun(ctx.userId, ctx.caller.permAuthKeyId, state.pts);
    return state;
  },
});
