import { defineMethod } from '@aerogram/rpc';

export const getPrivacy = defineMethod({
  method: 'account.getPrivacy',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: (ctx, { key }) =>
    Promise.resolve({
      _: 'account.privacyRules',
      rules: ctx.domain.privacy.listRules(key),
      chats: [],
      users: [],
    }),
});
