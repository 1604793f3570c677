export { exportBotToken } from './exportBotToken.ts';
export { getBotCommands } from './getBotCommands.ts';
export { getBotInfo } from './getBotInfo.ts';
export { getPopularAppBots } from './getPopularAppBots.ts';
export { resetBotCommands } from './resetBotCommands.ts';
export { setBotCommands } from './setBotCommands.ts';
export { setBotInfo } from './setBotInfo.ts';
