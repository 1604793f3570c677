import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { projectResolvedUser } from './project-resolved-user.ts';

export const resolveUsername = defineMethod({
  method: 'contacts.resolveUsername',
  access: ['user', 'bot'],
  cost: 10,
  repeat: 'read',
  handler: async (ctx, { username }) => {
    const name = username.replace(/^@/, '');
    if (!/^\w{4,32}$/.test(name)) throw rpcError('USERNAME_INVALID');
    const row = await ctx.domain.users.findByUsername(name);
    if (!row) throw rpcError('USERNAME_NOT_OCCUPIED');
    return projectResolvedUser(ctx, row);
  },
});
