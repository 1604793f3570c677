export { getBoostsList } from './getBoostsList.ts';
export { getBoostsStatus } from './getBoostsStatus.ts';
export { getMyBoosts } from './getMyBoosts.ts';
export { getUserBoosts } from './getUserBoosts.ts';
