import { refuseChannelsYet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** Returns who in a group has read a message; for private chats there is messages.getOutboxReadDate. */
export const getMessageReadParticipants = defineMethod({
  method: 'messages.getMessageReadParticipants',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, req) {
    const peer = refuseChannelsYet(await ctx.domain.peers.accessInputPeer(ctx.userId, req.peer));
    if (peer.kind === 'user') throw rpcError('PEER_ID_INVALID');
    const readers = await ctx.domain.messages.listReaders(ctx.userId, peer, req.msg_id);
    return readers.map((reader): tl.readParticipantDate => ({ _: 'readParticipantDate', ...reader }));
  },
});
