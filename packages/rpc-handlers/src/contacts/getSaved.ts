import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Returns the phone numbers of the address book that have no account here. Only exports of all data may ask for them. */
export const getSaved = defineMethod({
  method: 'contacts.getSaved',
  access: 'user',
  cost: 5,
  repeat: 'read',
  handler({ userId, takeoutId, domain }) {
    if (takeoutId === undefined) throw rpcError('TAKEOUT_REQUIRED');
    return domain.contacts.listUnmatched(userId);
  },
});
