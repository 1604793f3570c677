import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

export const getFullUser = defineMethod({
  method: 'users.getFullUser',
  access: ['user', 'bot'],
  cost: 3,
  repeat: 'read',
  handler: async (ctx, { id }) => {
    const { domain, userId } = ctx;
    const row = await domain.peers.accessInputUser(userId, id);
    const peer: tl.peerUser = { _: 'peerUser', user_id: row.user_id };
    const [settings, notifySettings, relation, users] = await Promise.all([
      domain.contacts.findPeerSettings(userId, row),
      domain.notifications.findSettings(userId, { peer }),
      domain.users.findRelation(userId, row.user_id),
      domain.users.projectUsers(userId, [row.user_id]),
    ]);
    const note = relation.contact?.note ?? '';
    const full: tl.userFull = {
      _: 'userFull',
      id: row.user_id,
      about: row.about === '' ? undefined : row.about,
      settings,
      notify_settings: notifySettings,
      common_chats_count: 0,
      can_pin_message: true,
      note: note === '' ? undefined : { _: 'textWithEntities', text: note, entities: [] },
    };
    return { _: 'users.userFull', full_user: full, chats: [], users };
  },
});
