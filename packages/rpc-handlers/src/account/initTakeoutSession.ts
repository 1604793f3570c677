import { defineMethod } from '@aerogram/rpc';

/** Begins an export of all data. What it is to contain does not matter here: the app asks for each part of it. */
export const initTakeoutSession = defineMethod({
  method: 'account.initTakeoutSession',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async ({ userId, caller, domain }) => ({ _: 'account.takeout', id: await domain.auth.takeouts.doBegin({ userId, authKeyId: caller.permAuthKeyId }) }),
});
