import { defineMethod } from '@aerogram/rpc';

export const getContactSignUpNotification = defineMethod({
  method: 'account.getContactSignUpNotification',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'sign-up notices',
  handler: () => Promise.resolve(true),
});
