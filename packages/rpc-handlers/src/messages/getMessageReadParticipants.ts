import { refuseGroupsYet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Returns who in a group has read a message; for private chats there is messages.getOutboxReadDate. */
export const getMessageReadParticipants = defineMethod({
  method: 'messages.getMessageReadParticipants',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    refuseGroupsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    throw rpcError('PEER_ID_INVALID');
  },
});
