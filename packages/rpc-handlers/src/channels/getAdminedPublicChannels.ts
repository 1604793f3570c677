import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

/** Only broadcast channels can be shown on a profile page. There are no groups at places on the map, so by location none is found. */
export const getAdminedPublicChannels = defineMethod({
  method: 'channels.getAdminedPublicChannels',
  access: 'user',
  cost: 2,
  repeat: 'read',
  async handler(ctx, { by_location, check_limit, for_personal }) {
    const { channels, projectPeers } = ctx.domain;
    if (check_limit === true) await channels.checkPublicCount(ctx.userId);
    const peerIds = by_location === true ? [] : await channels.listPublic(ctx.userId);
    const { chats } = await projectPeers(ctx.userId, new PeerSet(peerIds));
    return { _: 'messages.chats', chats: for_personal === true ? chats.filter((chat) => chat._ === 'channel' && chat.broadcast === true) : chats };
  },
});
