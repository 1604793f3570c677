/** The message index and the search in it. */
export { indexAllBehind, rebuildSearch } from './index-messages.ts';
export type { MessageKind } from './message-terms.ts';
export type { MatchQuery, MessageMatches, MessageQuery, PeerKind } from './search-messages.ts';
export type { SearchedBox, WidePlace, WideQuery } from './search-everywhere.ts';
export { createPublicPosts, type PublicPosts } from './public-posts.ts';
export { listArrivals, listAt } from './search-store.ts';
export { createSearch, type Search } from './search.ts';
