import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { LOOKUP_QUOTAS } from '../quotas.ts';
import { projectResolved } from './project-resolved.ts';

export const resolvePhone = defineMethod({
  method: 'contacts.resolvePhone',
  access: 'user',
  cost: 50,
  quotas: LOOKUP_QUOTAS,
  repeat: 'read',
  handler: async (ctx, { phone }) => {
    const row = await ctx.domain.contacts.findByPhone(ctx.userId, phone, ctx.caller.remoteAddress);
    if (!row) throw rpcError('PHONE_NOT_OCCUPIED');
    return projectResolved(ctx, row.user_id);
  },
});
