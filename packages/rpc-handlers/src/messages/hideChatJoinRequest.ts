import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessInvites, actingOnInvites, answerEntry } from './invite-call.ts';

/** Approves or declines the join request of one user. */
export const hideChatJoinRequest = defineMethod({
  method: 'messages.hideChatJoinRequest',
  access: ['user', 'bot'],
  cost: 3,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer: input, user_id: user, approved }) {
    const invites = await accessInvites(ctx, input);
    const row = await ctx.domain.peers.accessInputUser(ctx.userId, user);
    if (row.deleted) throw rpcError('INPUT_USER_DEACTIVATED');
    return answerEntry(ctx, await invites.doDecide(actingOnInvites(ctx), row.user_id, approved === true));
  },
});
