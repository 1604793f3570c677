export { getChannelDifference } from './getChannelDifference.ts';
export { getDifference } from './getDifference.ts';
export { getState } from './getState.ts';
