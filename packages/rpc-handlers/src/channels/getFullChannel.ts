import { langCodeOf, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { accessCommentedChannel } from './channel-call.ts';

export const getFullChannel = defineMethod({
  method: 'channels.getFullChannel',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, { channel: input }) {
    const { botInfos, channels, profilePhotos, projectPeers } = ctx.domain;
    const channel = await accessCommentedChannel(ctx, input);
    const { member, peerId, row, commentsOnly } = channel;
    const isIn = member?.status === 'member' && row.kind !== 'broadcast';
    const viewer = { userId: ctx.userId, langCode: langCodeOf(ctx.caller.initConnection?.langCode), chat: { peerId, isAdmin: isIn && member.role !== 'member' } };
    const [full, photo, bot_info] = await Promise.all([
      channels.findFull(ctx.userId, channel),
      commentsOnly === true ? undefined : profilePhotos.findOfChat(ctx.userId, peerId),
      // Nobody but members writes commands, and there are none in broadcast channels.
      isIn ? botInfos.listInSupergroup(channel.channelId, viewer) : [],
    ]);
    const full_chat: tl.channelFull = { ...full, chat_photo: photo ?? full.chat_photo, bot_info };
    const peers = new PeerSet([channel.peerId]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});
