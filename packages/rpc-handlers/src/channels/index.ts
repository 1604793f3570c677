export { checkSearchPostsFlood } from './checkSearchPostsFlood.ts';
export { getAdminedPublicChannels } from './getAdminedPublicChannels.ts';
export { getChannelRecommendations } from './getChannelRecommendations.ts';
export { searchPosts } from './searchPosts.ts';
