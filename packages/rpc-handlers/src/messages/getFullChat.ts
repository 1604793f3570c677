import { markPeer } from '@aerogram/cluster';
import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getFullChat = defineMethod({
  method: 'messages.getFullChat',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, { chat_id: chatId }) {
    const { groups, profilePhotos, projectPeers } = ctx.domain;
    // This refuses ids that are those of no group.
    const full = await groups.findFull(ctx.userId, chatId);
    const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
    const full_chat = { ...full, chat_photo: await profilePhotos.findOfChat(ctx.userId, peerId) };
    const peers = new PeerSet([peerId]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});
