import { PeerSet } from '@aerogram/domain';
import { defineMethod } from '@aerogram/rpc';

export const getFullUser = defineMethod({
  method: 'users.getFullUser',
  access: ['user', 'bot'],
  cost: 3,
  repeat: 'read',
  handler: async (ctx, { id }) => {
    const { domain, userId } = ctx;
    const row = await domain.peers.accessInputUser(userId, id);
    const [about, chat, named] = await Promise.all([
      domain.findFullUser(userId, row),
      domain.dialogs.findChat(userId, row.user_id),
      domain.projectPeers(userId, new PeerSet([row.user_id])),
    ]);
    return { _: 'users.userFull', full_user: { ...about, ...chat }, ...named };
  },
});
