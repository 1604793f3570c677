import { defineMethod } from '@aerogram/rpc';

import { deviceOf } from '../origin.ts';

/** Begins an export of all data. What it is to contain does not matter here: the app asks for each part of it. */
export const initTakeoutSession = defineMethod({
  method: 'account.initTakeoutSession',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx) => ({ _: 'account.takeout', id: await ctx.domain.auth.takeouts.doBegin(deviceOf(ctx)) }),
});
