import { PeerSet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel } from './channel-call.ts';

export const getParticipant = defineMethod({
  method: 'channels.getParticipant',
  access: ['user', 'bot'],
  cost: 1,
  repeat: 'read',
  elsewhere: { participant: 'works' },
  async handler(ctx, { channel: input, participant: inputPeer }) {
    const { channels, peers, projectPeers } = ctx.domain;
    const { channelId } = await accessChannel(ctx, input);
    const peer = await peers.accessInputPeer(ctx.userId, inputPeer);
    if (peer.kind === 'chat') throw rpcError('PARTICIPANT_ID_INVALID');
    const participant = await channels.at(channelId).members.find(ctx.userId, peer.peerId);
    const named = new PeerSet();
    named.addObject(participant);
    return { _: 'channels.channelParticipant', participant, ...(await projectPeers(ctx.userId, named)) };
  },
});
