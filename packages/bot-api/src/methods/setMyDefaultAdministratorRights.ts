import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { defineBotMethod } from '../define-bot-method.ts';
import { readAdminRights } from '../params/admin-rights.ts';
import { isJsonObject, JsonFields } from '../params/json-fields.ts';
import type { Params } from '../params/params.ts';

export const setMyDefaultAdministratorRights = defineBotMethod({
  method: 'setMyDefaultAdministratorRights',
  params: ['rights', 'for_channels'],
  async run(call, params) {
    const admin_rights = readRights(params);
    try {
      await (params.bool('for_channels') ? call.invoke({ _: 'bots.setBotBroadcastDefaultAdminRights', admin_rights }) : call.invoke({ _: 'bots.setBotGroupDefaultAdminRights', admin_rights }));
    } catch (error) {
      // For the Bot API it is no error to ask for the rights that a bot asks for already.
      if (!(error instanceof RpcError) || error.entry !== 'RIGHTS_NOT_MODIFIED') throw error;
    }
    return true;
  },
});

/** The rights for which the bot is to ask; none if the parameter is absent. @throws BotError 400 */
function readRights(params: Pick<Params<'rights'>, 'json'>): tl.chatAdminRights {
  const value = params.json('rights', 'ChatAdministratorRights');
  if (value === undefined) return { _: 'chatAdminRights' };
  const fields = new JsonFields(isJsonObject(value) ? value : {}, "can't parse ChatAdministratorRights: ");
  if (!isJsonObject(value)) throw fields.error('ChatAdministratorRights must be an Object');
  return readAdminRights(fields);
}
