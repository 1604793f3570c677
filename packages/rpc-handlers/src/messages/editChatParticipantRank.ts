import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { actingAs, answerChannel } from '../channels/channel-call.ts';
import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessAnyGroup, actingIn, answerGroup } from '../group-call.ts';

export const editChatParticipantRank = defineMethod({
  method: 'messages.editChatParticipantRank',
  access: ['user', 'bot'],
  cost: 2,
  limits: { strings: { rank: { max: 64, error: 'ADMIN_RANK_INVALID' } } },
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { peer, participant, rank }) {
    const { channels, groups, peers } = ctx.domain;
    const group = await accessAnyGroup(ctx, peer);
    const member = await peers.accessInputPeer(ctx.userId, participant);
    if (member.kind !== 'user') throw rpcError('PARTICIPANT_ID_INVALID');
    const { userId } = member;
    if (group.kind === 'channel') return answerChannel(ctx, group.peerId, await channels.at(group.channelId).members.doEditRank({ ...actingAs(ctx), userId, rank }));
    return answerGroup(ctx, await groups.doEditRank(actingIn(ctx, group.chatId), userId, rank));
  },
});
