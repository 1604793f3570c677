/** How bots are made, given another token, and listed. */
export { type BotAccount, type BotMaker, doMakeBot, isBotUsername, type NewBot } from './make-bot.ts';
export {
  type BotSecretRow, type BotSettings, disownBot, disownBots, dropSealedToken, findBotSecret, insertBotRow, INLINE_PLACEHOLDER_MAX, listBots, listBotsOf, listEndedTokens, lockBot, lockBotSecret, saveBotLogOut, saveBotSecret,
} from './bot-store.ts';
