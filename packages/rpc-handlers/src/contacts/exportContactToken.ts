import { defineMethod } from '@aerogram/rpc';

import { accessUserKey } from '../auth/access-prover.ts';

export const exportContactToken = defineMethod({
  method: 'contacts.exportContactToken',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  handler: async (ctx) => {
    const { token, expiresDate } = await ctx.domain.contactTokens.doExport(accessUserKey(ctx));
    return { _: 'exportedContactToken', url: `tg://contact?token=${token}`, expires: expiresDate };
  },
});
