/** The Bot API over HTTP. */
export { BotApi, type BotApiDeps, type BotClient } from './bot-api.ts';
export { loadFileIds } from './files/file-ids.ts';
export { type BotPath, readBotPath } from './http/bot-path.ts';
