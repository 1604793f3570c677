import { defineBotMethod } from '../define-bot-method.ts';

/**
 * Ends the instance of a bot before the bot is moved to another server. Here a bot has no instance: what waits for it is rows, which stay, so
 * there is nothing to end.
 */
export const close = defineBotMethod({ method: 'close', params: [], run: () => Promise.resolve(true) });
