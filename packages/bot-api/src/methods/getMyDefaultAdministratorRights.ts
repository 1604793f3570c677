import { defineBotMethod } from '../define-bot-method.ts';
import { projectAdminRights } from '../objects/index.ts';

export const getMyDefaultAdministratorRights = defineBotMethod({
  method: 'getMyDefaultAdministratorRights',
  params: ['for_channels'],
  async run(call, params) {
    const { full_user: me } = await call.invoke({ _: 'users.getFullUser', id: { _: 'inputUserSelf' } });
    const isForChannels = params.bool('for_channels');
    const rights = isForChannels ? me.bot_broadcast_admin_rights : me.bot_group_admin_rights;
    return projectAdminRights(rights ?? { _: 'chatAdminRights' }, isForChannels ? 'channel' : 'supergroup');
  },
});
