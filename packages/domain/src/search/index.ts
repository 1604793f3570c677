/** The message index and the search in it. */
export { indexAllBehind, rebuildSearch } from './index-messages.ts';
export type { MessageKind } from './message-terms.ts';
export type { MatchQuery, MessageMatches, MessageQuery, PeerKind } from './search-messages.ts';
export { createSearch, type Search } from './search.ts';
