import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** The user of the service notifications, to which people are led where no account is marked as support. */
const SERVICE_ID = 777000n;

export const getSupport = defineMethod({
  method: 'help.getSupport',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => {
    const { support, users } = ctx.domain;
    const contactId = await support.findContact(ctx.userId);
    const [user] = await users.projectUsers(ctx.userId, [contactId ?? SERVICE_ID]);
    if (user?._ !== 'user') throw rpcError('USER_ID_INVALID');
    // The number of a person is shown as the privacy settings of that person say.
    const phone = contactId === undefined ? (await users.findRow(SERVICE_ID))?.phone : user.phone;
    return { _: 'help.support', phone_number: phone ?? '', user };
  },
});
