import { defineMethod } from '@aerogram/rpc';

export const getSponsoredMessages = defineMethod({
  method: 'messages.getSponsoredMessages',
  access: 'user',
  cost: 1,
  repeat: 'read',
  elsewhere: { peer: 'works' },
  handler: () => Promise.resolve({ _: 'messages.sponsoredMessagesEmpty' }),
});
