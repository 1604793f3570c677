import { KNOWN_REACTIONS } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup, actingIn, answerGroup } from './group-call.ts';

/** Sets which reactions are allowed. Posts of channels have no reactions yet, so there the setting is only kept; paid reactions do not exist. */
export const setChatAvailableReactions = defineMethod({
  method: 'messages.setChatAvailableReactions',
  access: 'user',
  cost: 2,
  limits: { vectors: { 'available_reactions.reactions': { max: KNOWN_REACTIONS.length, error: 'REACTION_INVALID' } } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, available_reactions: reactions }) {
    const { channels, groups } = ctx.domain;
    const group = await accessAnyGroup(ctx, peer);
    if (group.kind === 'channel') return answerChannel(ctx, group.peerId, await channels.at(group.channelId).settings.doSetReactions(actingAs(ctx), reactions));
    return answerGroup(ctx, await groups.doSetReactions(actingIn(ctx, group.chatId), reactions));
  },
});
