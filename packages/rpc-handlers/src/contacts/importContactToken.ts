import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const importContactToken = defineMethod({
  method: 'contacts.importContactToken',
  access: 'user',
  cost: 20,
  repeat: 'read',
  handler: async (ctx, { token }) => {
    const row = await ctx.domain.contactTokens.findUser(token);
    const [user] = await ctx.domain.users.projectUsers(ctx.userId, [row.user_id]);
    if (!user) throw rpcError('IMPORT_TOKEN_INVALID');
    return user;
  },
});
