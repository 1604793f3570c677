export { isEligibleToJoin } from './isEligibleToJoin.ts';
