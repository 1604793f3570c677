import { defineMethod } from '@aerogram/rpc';

export const getGlobalPrivacySettings = defineMethod({
  method: 'account.getGlobalPrivacySettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'privacy settings',
  handler: () => Promise.resolve({ _: 'globalPrivacySettings' }),
});
