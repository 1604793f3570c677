import { langCodeOf, PeerSet, type ResolvedChannel } from '@aerogram/domain';
import { defineMethod, type RpcContext } from '@aerogram/rpc';
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
    const [full, photo, bot_info, sets] = await Promise.all([
      channels.findFull(ctx.userId, channel),
      commentsOnly === true ? undefined : profilePhotos.findOfChat(ctx.userId, peerId),
      // Nobody but members writes commands, and there are none in broadcast channels.
      isIn ? botInfos.listInSupergroup(channel.channelId, viewer) : [],
      commentsOnly === true ? {} : findSets(ctx, row),
    ]);
    const full_chat: tl.channelFull = { ...full, chat_photo: photo ?? full.chat_photo, bot_info, ...sets };
    const peers = new PeerSet([channel.peerId]);
    peers.addObject(full_chat);
    return { _: 'messages.chatFull', full_chat, ...(await projectPeers(ctx.userId, peers)) };
  },
});

/** The sticker sets that the members of a supergroup are offered. Those that are gone are left out. */
async function findSets({ domain: { stickerSets }, userId }: RpcContext, { sticker_set_id: stickersId, emoji_set_id: emojiId }: ResolvedChannel['row']): Promise<Pick<tl.channelFull, 'stickerset' | 'emojiset'>> {
  const ids = [stickersId, emojiId].filter((id) => id !== null);
  if (ids.length === 0) return {};
  const heads = [...(await stickerSets.findHeads(ids)).values()];
  const shown = new Map((await stickerSets.projectSets(userId, heads)).map((set) => [set.id, set]));
  return { stickerset: shown.get(stickersId ?? 0n), emojiset: shown.get(emojiId ?? 0n) };
}
