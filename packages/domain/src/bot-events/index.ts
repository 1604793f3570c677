/** What only bots are told: events of their boxes that have a qts. */
export { type BotEffect, findBotsOfChannel } from './bot-effect-store.ts';
export { createBotEffectsJob, orderBotEffects } from './bot-effects.ts';
export { selectBots } from './bot-stop-store.ts';
export { type BotStops, createBotStops } from './bot-stops.ts';
