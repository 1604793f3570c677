import { unmarkPeer } from '@aerogram/cluster';
import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getAutoSaveSettings = defineMethod({
  method: 'account.getAutoSaveSettings',
  access: 'user',
  cost: 1,
  repeat: 'read',
  handler: async (ctx) => {
    const { appSettings, projectPeers } = ctx.domain;
    const { exceptions, ...general } = await appSettings.findAutoSave(ctx.userId);
    return {
      _: 'account.autoSaveSettings',
      users_settings: general.users,
      chats_settings: general.chats,
      broadcasts_settings: general.broadcasts,
      exceptions: [...exceptions].map(([peerId, settings]) => ({ _: 'autoSaveException', peer: unmarkPeer(peerId), settings })),
      ...(await projectPeers(ctx.userId, new PeerSet(exceptions.keys()))),
    };
  },
});
