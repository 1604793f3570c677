import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessReactor } from './access-reactor.ts';

/** Takes back, for an admin of a supergroup, the reactions that somebody has given to a message. */
export const deleteParticipantReaction = defineMethod({
  method: 'messages.deleteParticipantReaction',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { channelId, peerId, shownId } = await accessReactor(ctx, req);
    const update = await ctx.domain.channels.at(channelId).reactions.doTakeBack(actingAs(ctx), req.msg_id, shownId);
    return ctx.domain.updates.projectAnswer(ctx.userId, [update], [peerId]);
  },
});
