import { defineMethod } from '@aerogram/rpc';

import { actingIn, answerGroup, accessGroup } from './group-call.ts';

export const editChatDefaultBannedRights = defineMethod({
  method: 'messages.editChatDefaultBannedRights',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, banned_rights: rights }) {
    return answerGroup(ctx, await ctx.domain.groups.doEditDefaultRights(actingIn(ctx, await accessGroup(ctx, peer)), rights));
  },
});
