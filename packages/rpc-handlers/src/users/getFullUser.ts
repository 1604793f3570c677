import { langCodeOf, PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

import { findFirstSong } from './find-saved-music.ts';

export const getFullUser = defineMethod({
  method: 'users.getFullUser',
  access: ['user', 'bot'],
  cost: 3,
  repeat: 'read',
  elsewhere: { id: 'works' },
  handler: async (ctx, { id }) => {
    const { domain, userId } = ctx;
    const row = await domain.peers.accessInputUser(userId, id);
    const [about, chat, personal, music, profile_photo, fallback_photo, personal_photo, look, bot] = await Promise.all([
      domain.findFullUser(userId, row),
      domain.dialogs.findChat(userId, row.user_id),
      domain.channels.personal.find(userId, row),
      findFirstSong(ctx, row.user_id),
      domain.profilePhotos.findCurrent(userId, row),
      domain.fallbackPhotos.find(userId, row),
      domain.contactPhotos.find(userId, row.user_id),
      domain.chatWallpapers.findLook(userId, row.user_id),
      domain.botInfos.findFull(row, { userId, langCode: langCodeOf(ctx.caller.initConnection?.langCode) }),
    ]);
    const channel = personal && { personal_channel_id: personal.channelId, personal_channel_message: personal.topMsgId };
    const named = await domain.projectPeers(userId, new PeerSet(personal ? [row.user_id, personal.peerId] : [row.user_id]));
    return { _: 'users.userFull', full_user: { ...about, ...bot, ...chat, ...channel, saved_music: music, profile_photo, fallback_photo, personal_photo, ...look }, ...named };
  },
});
