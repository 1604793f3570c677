/** How bots are made, given another token, and listed. */
export { type BotAccount, type BotMaker, doMakeBot, type NewBot } from './make-bot.ts';
export { type BotGroupSettings, type BotSecretRow, disownBots, findBotSecret, listBots, lockBot, saveBotGroupSettings, saveBotSecret } from './bot-store.ts';
