/** How bots are made, given another token, and listed. */
export { type BotAccount, type BotMaker, doMakeBot, isBotUsername, type NewBot } from './make-bot.ts';
export { type BotChange, type BotSecretRow, disownBots, findBotSecret, listBots, lockBot, saveBot, saveBotSecret } from './bot-store.ts';
