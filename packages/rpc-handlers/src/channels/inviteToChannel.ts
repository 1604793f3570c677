import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { MISSING_INVITEES_LAYER } from '../group-call.ts';
import { ADDING_QUOTAS, NOTICE_QUOTAS } from '../quotas.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const inviteToChannel = defineMethod({
  method: 'channels.inviteToChannel',
  access: 'user',
  cost: 3,
  itemCosts: { users: 0.1 },
  limits: { vectors: { users: { max: 200, error: 'USERS_TOO_MUCH' } } },
  quotas: [...ADDING_QUOTAS, ...NOTICE_QUOTAS],
  repeat: 'idempotent',
  elsewhere: { users: 'works' },
  presence: 'acting',
  async handler(ctx, { channel: input, users: inputs }) {
    const { channels, peers } = ctx.domain;
    const { channelId, peerId } = await accessChannel(ctx, input);
    const users = await Promise.all(inputs.map((one) => peers.accessInputUser(ctx.userId, one)));
    const invitation = await channels.at(channelId).members.doInvite(actingAs(ctx), users);
    // The answer of older layers cannot say who is missing. An error would say that nobody was added.
    const missingIds = new Set(invitation.missing.map((one) => one.user_id));
    if (ctx.caller.layer < MISSING_INVITEES_LAYER && missingIds.size > 0 && users.every((user) => missingIds.has(user.user_id))) throw rpcError('USER_PRIVACY_RESTRICTED');
    return { _: 'messages.invitedUsers', updates: await answerChannel(ctx, peerId, invitation), missing_invitees: invitation.missing };
  },
});
