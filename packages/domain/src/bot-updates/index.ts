/** The updates of the Bot API over HTTP that wait for bots: their rows, their ids, and how far the events of bots were read. */
export type { BotProgress, BotReach, OpenedBotUpdates, StoredBotUpdate } from './bot-progress.ts';
export { countBotUpdates } from './bot-update-store.ts';
export { BotUpdates } from './bot-updates.ts';
