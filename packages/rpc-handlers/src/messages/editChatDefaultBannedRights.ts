import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup, actingIn, answerGroup } from '../group-call.ts';

export const editChatDefaultBannedRights = defineMethod({
  method: 'messages.editChatDefaultBannedRights',
  access: ['user', 'bot'],
  cost: 2,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, banned_rights: rights }) {
    const { channels, groups } = ctx.domain;
    const group = await accessAnyGroup(ctx, peer);
    if (group.kind === 'chat') return answerGroup(ctx, await groups.doEditDefaultRights(actingIn(ctx, group.chatId), rights));
    return answerChannel(ctx, group.peerId, await channels.at(group.channelId).settings.doEditDefaultRights(actingAs(ctx), rights));
  },
});
