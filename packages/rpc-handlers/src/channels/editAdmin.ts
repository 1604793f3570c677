import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const editAdmin = defineMethod({
  method: 'channels.editAdmin',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { rank: { max: 64, error: 'ADMIN_RANK_INVALID' } } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, user_id: inputUser, admin_rights: rights, rank = '' }) {
    const { channels, peers } = ctx.domain;
    const { channelId, peerId } = await accessChannel(ctx, input);
    const user = await peers.accessInputUser(ctx.userId, inputUser);
    return answerChannel(ctx, peerId, await channels.at(channelId).members.doEditAdmin({ ...actingAs(ctx), userId: user.user_id, rights, rank }, user));
  },
});
