/** How bots are made, given another token, and listed. */
export { type BotAccount, type BotMaker, doMakeBot, isBotUsername, type NewBot } from './make-bot.ts';
export { type BotSecretRow, disownBots, findBotSecret, listBots, lockBot, saveBotSecret } from './bot-store.ts';
