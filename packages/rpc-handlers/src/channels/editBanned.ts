import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { NOTICE_QUOTAS } from '../quotas.ts';
import { accessChannel, actingAs, answerChannel } from './channel-call.ts';

export const editBanned = defineMethod({
  method: 'channels.editBanned',
  access: ['user', 'bot'],
  cost: 2,
  quotas: NOTICE_QUOTAS,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, participant: inputPeer, banned_rights: rights }) {
    const { channels, peers } = ctx.domain;
    const { channelId, peerId } = await accessChannel(ctx, input);
    const peer = await peers.accessInputPeer(ctx.userId, inputPeer);
    if (peer.kind === 'chat') throw rpcError('PARTICIPANT_ID_INVALID');
    const { members } = channels.at(channelId);
    const outcome =
      peer.kind === 'user'
        ? await members.doEditBanned({ ...actingAs(ctx), userId: peer.userId, rights })
        : await members.doEditBannedChannel({ ...actingAs(ctx), authorId: peer.peerId, rights });
    return answerChannel(ctx, peerId, outcome);
  },
});
