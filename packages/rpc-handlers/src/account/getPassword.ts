import { defineMethod } from '@aerogram/rpc';

/** No account has a password yet, and none can be set: the algorithms say so. */
export const getPassword = defineMethod({
  method: 'account.getPassword',
  access: 'user',
  pending2fa: true,
  cost: 2,
  repeat: 'read',
  empty: 'two-step verification',
  handler: async (ctx) => ({
    _: 'account.password',
    new_algo: { _: 'passwordKdfAlgoUnknown' },
    new_secure_algo: { _: 'securePasswordKdfAlgoUnknown' },
    secure_random: ctx.random.bytes(256),
  }),
});
