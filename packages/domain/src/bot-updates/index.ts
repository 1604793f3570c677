/** The updates of the Bot API over HTTP that wait for bots: their rows, their ids, and how far the events of bots were read. */
export { type BotProgress, type BotReach, BotUpdates, type OpenedBotUpdates, type StoredBotUpdate } from './bot-updates.ts';
