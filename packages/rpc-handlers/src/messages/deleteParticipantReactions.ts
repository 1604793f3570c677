import { defineMethod } from '@aerogram/rpc';

import { actingAs } from '../channels/channel-call.ts';
import { accessReactor } from './access-reactor.ts';
import { reactionsAt } from './reactions-at.ts';

/** Takes back, for an admin of a group, all reactions that somebody has given there. */
export const deleteParticipantReactions = defineMethod({
  method: 'messages.deleteParticipantReactions',
  access: ['user', 'bot'],
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, req) {
    const { group, shownId } = await accessReactor(ctx, req);
    await reactionsAt(ctx, group).doTakeBackAll(actingAs(ctx), shownId);
    return true;
  },
});
