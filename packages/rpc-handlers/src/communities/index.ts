export { getJoinedCommunities } from './getJoinedCommunities.ts';
