import { defineBotMethod } from '../define-bot-method.ts';

/**
 * Logs a bot out of this HTTP API, so that another server of the Bot API can get its updates instead. Calls over HTTP have no session here, and updates
 * over HTTP take nothing from programs that log in as the bot over MTProto, so there is nothing to end.
 */
export const logOut = defineBotMethod({ method: 'logOut', params: [], run: () => Promise.resolve(true) });
