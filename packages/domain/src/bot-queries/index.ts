/** Questions to bots that people wait for: pressed buttons. */
export { BotQueries, type CallbackAnswer } from './bot-queries.ts';
export type { Press } from './find-pressed.ts';
