import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessReactor } from './access-reactor.ts';

/** Takes back, for an admin of a supergroup, all reactions that somebody has given there. */
export const deleteParticipantReactions = defineMethod({
  method: 'messages.deleteParticipantReactions',
  access: ['user', 'bot'],
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { channelId, shownId } = await accessReactor(ctx, req);
    await ctx.domain.channels.at(channelId).reactions.doTakeBackAll(actingAs(ctx), shownId);
    return true;
  },
});
