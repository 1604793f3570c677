import { defineMethod } from '@aerogram/rpc';

export const getMyBoosts = defineMethod({
  method: 'premium.getMyBoosts',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () => Promise.resolve({ _: 'premium.myBoosts', my_boosts: [], chats: [], users: [] }),
});
