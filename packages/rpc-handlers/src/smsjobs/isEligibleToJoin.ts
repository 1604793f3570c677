import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The phones of users send no log-in codes for the server. Apps ask whether they might. */
export const isEligibleToJoin = defineMethod({
  method: 'smsjobs.isEligibleToJoin',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.reject(rpcError('NOT_ELIGIBLE')),
});
