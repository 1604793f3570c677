import { markPeer } from '@aerogram/cluster';
import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getFullChat = defineMethod({
  method: 'messages.getFullChat',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, { chat_id: chatId }) {
    const { groups, projectPeers } = ctx.domain;
    const full_chat = await groups.findFull(ctx.userId, chatId);
    const peers = new PeerSet([markPeer({ _: 'peerChat', chat_id: chatId })]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});
