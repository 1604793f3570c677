/** BotFather: the chat in which people make bots and look after them. It is a part of the server and has no client. */
export { BotFather } from './bot-father.ts';
export { findFatherInfo } from './list-commands.ts';
