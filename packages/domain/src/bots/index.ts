/** How bots are made, given another token, and listed. */
export { type BotAccount, type BotMaker, doMakeBot, isBotUsername, type NewBot } from './make-bot.ts';
export {
  type BotSecretRow, type BotSettings, disownBot, disownBots, dropSealedToken, findBotSecret, findLoggedOut, insertBotRow, INLINE_PLACEHOLDER_MAX, listBots, listBotsOf, listEndedTokens, lockBot, lockBotSecret, noteLoggedOut, saveBotSecret,
} from './bot-store.ts';
