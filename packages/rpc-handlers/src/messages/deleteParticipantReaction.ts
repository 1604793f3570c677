import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessReactor } from './access-reactor.ts';
import { reactionsAt } from './reactions-at.ts';

/** Takes back, for an admin of a group, the reactions that somebody has given to a message. */
export const deleteParticipantReaction = defineMethod({
  method: 'messages.deleteParticipantReaction',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { group, shownId } = await accessReactor(ctx, req);
    const update = await reactionsAt(ctx, group).doTakeBack(actingAs(ctx), req.msg_id, shownId);
    return ctx.domain.updates.projectAnswer(ctx.userId, [update], [group.peerId]);
  },
});
