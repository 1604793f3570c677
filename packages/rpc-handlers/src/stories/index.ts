export { getAlbums } from './getAlbums.ts';
export { getAllReadPeerStories } from './getAllReadPeerStories.ts';
export { getAllStories } from './getAllStories.ts';
export { getPeerMaxIDs } from './getPeerMaxIDs.ts';
export { getPeerStories } from './getPeerStories.ts';
export { getPinnedStories } from './getPinnedStories.ts';
export { getStoriesArchive } from './getStoriesArchive.ts';
export { getStoriesByID } from './getStoriesByID.ts';
