/** What people see of bots beside name and photo: texts, commands, the menu button, and the admin rights that they ask for. */
export { BotInfos } from './bot-infos.ts';
export { type BotChange, type BotEditor, changeBot, commandChange, lockBotToEdit, menuButtonChange, settingChange, textChange } from './change-bot.ts';
export { COMMAND_DESCRIPTION_MAX, COMMANDS_MAX, langCodeOf } from './check-info.ts';
export { type BotViewer, type CommandPlace, CommandScope, EVERYWHERE } from './command-scope.ts';
export type { ShownInfo } from './find-bot-info.ts';
export { OwnBots } from './own-bots.ts';
