import { defineMethod } from '@aerogram/rpc';

export const getInviteText = defineMethod({
  method: 'help.getInviteText',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: () =>
    Promise.resolve({ _: 'help.inviteText', message: "Hey, I'm using Aerogram to chat. Join me!" }),
});
