/** What only bots are told: events of their boxes that have a qts. */
export { type BotStops, createBotStops } from './bot-stops.ts';
