import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { projectResolvedUser } from './project-resolved-user.ts';

export const resolvePhone = defineMethod({
  method: 'contacts.resolvePhone',
  access: 'user',
  cost: 50,
  repeat: 'read',
  handler: async (ctx, { phone }) => {
    const row = await ctx.domain.contacts.findByPhone(ctx.userId, phone, ctx.caller.remoteAddress);
    if (!row) throw rpcError('PHONE_NOT_OCCUPIED');
    return projectResolvedUser(ctx, row);
  },
});
