/** What the database has of bots beside their rows in `users`: their looks, their tokens, and to whom they may write. */
export { type BotRow, BotRows } from './bot-rows.ts';
export { insertBotUser } from './bot-user-store.ts';
export { type BotSecret, formatBotToken, hashBotSecret, newBotSecret, readBotToken, storedBotSecret } from './bot-token.ts';
