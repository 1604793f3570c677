import { defineMethod } from '@aerogram/rpc';

export const getTimezonesList = defineMethod({
  method: 'help.getTimezonesList',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'business hours',
  handler: () => Promise.resolve({ _: 'help.timezonesList', timezones: [], hash: 0 }),
});
