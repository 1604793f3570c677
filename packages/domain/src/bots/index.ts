/** How bots are made, given another token, and listed. */
export { type BotAccount, type BotMaker, doMakeBot, isBotUsername, type NewBot } from './make-bot.ts';
export { type BotSecretRow, type BotSettings, disownBot, disownBots, dropSealedToken, findBotSecret, listBots, lockBot, lockBotSecret, PLACEHOLDER_MAX, saveBotSecret } from './bot-store.ts';
