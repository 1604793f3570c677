export { exportBotToken } from './exportBotToken.ts';
export { getPopularAppBots } from './getPopularAppBots.ts';
