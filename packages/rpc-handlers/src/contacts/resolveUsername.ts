import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { projectResolved } from './project-resolved.ts';

export const resolveUsername = defineMethod({
  method: 'contacts.resolveUsername',
  access: ['user', 'bot'],
  cost: 10,
  repeat: 'read',
  handler: async (ctx, { username }) => {
    const name = username.replace(/^@/, '');
    // Nobody can take a name of three letters, but browser apps ask for the bot `gif` and know the answer for a free name.
    if (!/^\w{3,32}$/.test(name)) throw rpcError('USERNAME_INVALID');
    const peerId = await ctx.domain.contacts.findNamed(ctx.userId, name);
    if (peerId === undefined) throw rpcError('USERNAME_NOT_OCCUPIED');
    return projectResolved(ctx, peerId);
  },
});
