import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessChannel, actingAs } from './channel-call.ts';

/** Deletes a slice of somebody's messages; clients repeat the call while the offset is not 0. */
export const deleteParticipantHistory = defineMethod({
  method: 'channels.deleteParticipantHistory',
  access: 'user',
  cost: 10,
  repeat: 'idempotent',
  presence: 'acting',
  async handler(ctx, { channel: input, participant }) {
    const { channelId, peerId } = await accessChannel(ctx, input);
    const author = await ctx.domain.peers.accessInputPeer(ctx.userId, participant);
    if (author.kind === 'chat') throw rpcError('PARTICIPANT_ID_INVALID');
    const { pts, ptsCount, offset } = await ctx.domain.channels.at(channelId).posts.doDeleteOf(actingAs(ctx), author.peerId);
    ctx.boxStep({ owner: peerId, pts, ptsCount });
    return { _: 'messages.affectedHistory', pts, pts_count: ptsCount, offset };
  },
});
