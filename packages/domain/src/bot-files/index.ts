/** Files of bots: which ones are kept for a bot, and how it uses and loads what the Bot API has named to it. */
export { dropBotFiles, isBotFile } from './bot-file-store.ts';
export { BotFiles, type UsableFile } from './bot-files.ts';
