import { markPeer } from '@aerogram/cluster';
import { langCodeOf, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getFullChat = defineMethod({
  method: 'messages.getFullChat',
  access: ['user', 'bot'],
  cost: 2,
  repeat: 'read',
  async handler(ctx, { chat_id: chatId }) {
    const { botInfos, groups, profilePhotos, projectPeers } = ctx.domain;
    // This refuses ids that are those of no group.
    const full = await groups.findFull(ctx.userId, chatId);
    const peerId = markPeer({ _: 'peerChat', chat_id: chatId });
    const members = full.participants._ === 'chatParticipants' ? full.participants.participants : [];
    const isAdmin = members.some((member) => member.user_id === ctx.userId && member._ !== 'chatParticipant');
    const viewer = { userId: ctx.userId, langCode: langCodeOf(ctx.caller.initConnection?.langCode), chat: { peerId, isAdmin } };
    const [chat_photo, bot_info] = await Promise.all([profilePhotos.findOfChat(ctx.userId, peerId), botInfos.listAmong(members.map((member) => member.user_id), viewer)]);
    const full_chat = { ...full, chat_photo, bot_info: bot_info.length === 0 ? undefined : bot_info };
    const peers = new PeerSet([peerId]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});
