import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The user of the service notifications, 777000. */
const SUPPORT_ID = 777000n;

export const getSupport = defineMethod({
  method: 'help.getSupport',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => {
    const { users } = ctx.domain;
    const row = await users.findRow(SUPPORT_ID);
    const [user] = await users.projectUsers(ctx.userId, [SUPPORT_ID]);
    if (!user) throw rpcError('USER_ID_INVALID');
    return { _: 'help.support', phone_number: row?.phone ?? '', user };
  },
});
