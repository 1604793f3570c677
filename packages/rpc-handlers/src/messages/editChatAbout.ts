import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup, actingIn } from '../group-call.ts';

export const editChatAbout = defineMethod({
  method: 'messages.editChatAbout',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { about: { max: 1024, error: 'CHAT_ABOUT_TOO_LONG' } } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, about }) {
    const { channels, groups } = ctx.domain;
    const group = await accessAnyGroup(ctx, peer);
    if (group.kind === 'channel') await channels.at(group.channelId).settings.doEditAbout(actingAs(ctx), about);
    else await groups.doEditAbout(actingIn(ctx, group.chatId), about);
    return true;
  },
});
