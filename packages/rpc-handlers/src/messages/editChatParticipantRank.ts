import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { actingIn, answerGroup, accessGroup } from './group-call.ts';

export const editChatParticipantRank = defineMethod({
  method: 'messages.editChatParticipantRank',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { rank: { max: 64, error: 'ADMIN_RANK_INVALID' } } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, participant, rank }) {
    const chatId = await accessGroup(ctx, peer);
    const member = await ctx.domain.peers.accessInputPeer(ctx.userId, participant);
    if (member.kind !== 'user') throw rpcError('PARTICIPANT_ID_INVALID');
    return answerGroup(ctx, await ctx.domain.groups.doEditRank(actingIn(ctx, chatId), member.userId, rank));
  },
});
