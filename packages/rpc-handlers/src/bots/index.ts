export { getPopularAppBots } from './getPopularAppBots.ts';
