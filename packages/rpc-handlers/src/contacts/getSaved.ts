import { defineMethod } from '@aerogram/rpc';

/** Returns the phone numbers of the address book that have no account here. */
export const getSaved = defineMethod({
  method: 'contacts.getSaved',
  access: 'user',
  cost: 5,
  repeat: 'read',
  handler: (ctx) => ctx.domain.contacts.listUnmatched(ctx.userId),
});
