import { defineMethod } from '@aerogram/rpc';

export const getPeerSettings = defineMethod({
  method: 'messages.getPeerSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { contacts, peers, users } = ctx.domain;
    const peer = await peers.accessInputPeer(ctx.userId, req.peer);
    return {
      _: 'messages.peerSettings',
      settings: await contacts.findPeerSettings(ctx.userId, peer.row),
      chats: [],
      users: await users.projectUsers(ctx.userId, [peer.userId]),
    };
  },
});
