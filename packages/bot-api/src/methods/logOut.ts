import { defineBotMethod } from '../define-bot-method.ts';

/**
 * Logs the bot out of this HTTP API, so that another server of the Bot API gets its updates instead. What waits for the bot stays, in case that it comes back; its sessions
 * over MTProto have nothing to do with it.
 */
export const logOut = defineBotMethod({
  method: 'logOut',
  params: [],
  async run({ botId, instances }) {
    await instances.logOut(botId);
    return true;
  },
});
