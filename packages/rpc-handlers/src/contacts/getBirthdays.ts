import { defineMethod } from '@aerogram/rpc';

export const getBirthdays = defineMethod({
  method: 'contacts.getBirthdays',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'birthdays',
  handler: () => Promise.resolve({ _: 'contacts.contactBirthdays', contacts: [], users: [] }),
});
