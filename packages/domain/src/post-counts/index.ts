/** How often posts of broadcast channels were seen and forwarded. */
export type { PostPlace } from './post-count-store.ts';
export { countedPostOf, createPostCounts, forwardedPostOf, type PostCounts } from './post-counts.ts';
