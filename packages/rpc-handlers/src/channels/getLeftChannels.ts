import { PeerSet } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

/** Only exports of all data may ask for channels that the caller has left. */
export const getLeftChannels = defineMethod({
  method: 'channels.getLeftChannels',
  access: 'user',
  cost: 10,
  repeat: 'read',
  async handler({ userId, takeoutId, domain }, { offset }) {
    if (takeoutId === undefined) throw rpcError('TAKEOUT_REQUIRED');
    if (offset < 0) throw rpcError('OFFSET_INVALID');
    const { peerIds, count } = await domain.channels.listLeft(userId, offset);
    const { chats } = await domain.projectPeers(userId, new PeerSet(peerIds));
    return count > peerIds.length ? { _: 'messages.chatsSlice', count, chats } : { _: 'messages.chats', chats };
  },
});
