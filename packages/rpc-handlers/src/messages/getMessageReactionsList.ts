import { defineMethod } from '@aerogram/rpc';

/** Both people of a private chat fit on one page. */
export const getMessageReactionsList = defineMethod({
  method: 'messages.getMessageReactionsList',
  access: 'user',
  cost: 1,
  repeat: 'read',
  async handler(ctx, req) {
    const { peers, reactions, users } = ctx.domain;
    const { peerId } = await peers.accessInputPeer(ctx.userId, req.peer);
    const all = await reactions.listOf(ctx.userId, peerId, req.id, req.reaction);
    const ids = all.flatMap(({ peer_id: peer }) => (peer._ === 'peerUser' ? [peer.user_id] : []));
    return {
      _: 'messages.messageReactionsList',
      count: all.length,
      reactions: all,
      chats: [],
      users: await users.projectUsers(ctx.userId, new Set(ids)),
    };
  },
});
