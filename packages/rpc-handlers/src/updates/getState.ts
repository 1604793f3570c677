import { defineMethod } from '@aerogram/rpc';

export const getState = defineMethod({
  method: 'updates.getState',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  async handler(ctx) {
    // Read first, so that an event in between is sent twice rather than never.
    const position = await ctx.domain.updates.readPosition(ctx.userId, ctx.caller.permAuthKeyId);
    const state = await ctx.domain.updates.findState(ctx.userId, ctx.caller.permAuthKeyId);
    // A client without a stored state starts here: earlier events were pushed or do not matter to it.
    ctx.boxStep({ owner: ctx.userId, pts: state.pts, ptsCount: 0, looseSeq: position.looseSeq, deviceSeq: position.deviceSeq });
    ctx.domain.positions.noteBegun(ctx.userId, ctx.caller.permAuthKeyId, state);
    return state;
  },
});
