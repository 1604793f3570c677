import { defineMethod } from '@aerogram/rpc';

export const getPremiumGiftCodeOptions = defineMethod({
  method: 'payments.getPremiumGiftCodeOptions',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve([]),
});
