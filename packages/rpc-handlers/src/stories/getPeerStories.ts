import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

export const getPeerStories = defineMethod({
  method: 'stories.getPeerStories',
  access: 'user',
  cost: 1,
  repeat: 'read',
  empty: 'stories',
  handler: async (ctx, { peer }) => {
    const user = await ctx.domain.peers.accessInputPeerUser(ctx.userId, peer);
    if (!user) throw rpcError('PEER_ID_INVALID');
    return {
      _: 'stories.peerStories',
      stories: { _: 'peerStories', peer: { _: 'peerUser', user_id: user.user_id }, stories: [] },
      chats: [],
      users: await ctx.domain.users.projectUsers(ctx.userId, [user.user_id]),
    };
  },
});
