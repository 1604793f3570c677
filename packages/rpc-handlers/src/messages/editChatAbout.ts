import { defineMethod } from '@aerogram/rpc';

import { actingIn, accessGroup } from './group-call.ts';

export const editChatAbout = defineMethod({
  method: 'messages.editChatAbout',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { about: { max: 1024, error: 'CHAT_ABOUT_TOO_LONG' } } },
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, about }) {
    await ctx.domain.groups.doEditAbout(actingIn(ctx, await accessGroup(ctx, peer)), about);
    return true;
  },
});
