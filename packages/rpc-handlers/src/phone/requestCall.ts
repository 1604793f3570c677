import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** There are no calls yet. Lists of calls offer them nevertheless, and apps say after this error that the other one does not accept any. */
export const requestCall = defineMethod({
  method: 'phone.requestCall',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { user_id }) {
    const row = await ctx.domain.peers.accessInputUser(ctx.userId, user_id);
    throw rpcError(row.user_id === ctx.userId || row.bot ? 'USER_ID_INVALID' : 'USER_PRIVACY_RESTRICTED');
  },
});
