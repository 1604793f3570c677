export { getDifference } from './getDifference.ts';
export { getState } from './getState.ts';
