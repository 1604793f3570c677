import { unmarkPeer } from '@aerogram/cluster';
import { defineMethod } from '@aerogram/rpc';

export const getAutoSaveSettings = defineMethod({
  method: 'account.getAutoSaveSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => {
    const { appSettings, users } = ctx.domain;
    const { exceptions, ...general } = await appSettings.findAutoSave(ctx.userId);
    return {
      _: 'account.autoSaveSettings',
      users_settings: general.users,
      chats_settings: general.chats,
      broadcasts_settings: general.broadcasts,
      exceptions: [...exceptions].map(([peerId, settings]) => ({ _: 'autoSaveException', peer: unmarkPeer(peerId), settings })),
      chats: [],
      // Users are all the peers that there are.
      users: await users.projectUsers(ctx.userId, exceptions.keys()),
    };
  },
});
