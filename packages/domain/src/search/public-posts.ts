import type { tl } from '@aerogram/tl';

import type { DomainConfig, DomainDeps } from '../shared/index.ts';
import { PostSearchBudget } from './post-search-budget.ts';
import { type PublicMatches, type PublicPostQuery, searchPublicPosts } from './search-public-posts.ts';

/** The search in the posts of all public broadcast channels. The index lags by less than a second. */
export interface PublicPosts {
  /**
   * Same as {@link searchPublicPosts}. A search by text counts towards the day's quota of the viewer; searches for hashtags are free.
   * @throws RpcError 420 FLOOD_WAIT when the quota is used up
   */
  search(query: Omit<PublicPostQuery, 'nowDate'>): Promise<PublicMatches>;
  /** What a client is told of the quota. @param query the text that the client is going to search for */
  projectQuota(viewerId: bigint, query: string | undefined): tl.searchPostsFlood;
}

/** Creates the search in public posts. */
export function createPublicPosts({ db, clock, config, hasLimits }: Pick<DomainDeps, 'db' | 'clock' | 'hasLimits'> & { config: Pick<DomainConfig, 'publicSearchesPerDay'> }): PublicPosts {
  const budget = new PostSearchBudget({ clock, hasLimits }, config.publicSearchesPerDay);
  return {
    async search(query) {
      if (!query.isTag) budget.take(query.viewerId, query.text);
      return searchPublicPosts(db, { ...query, nowDate: clock.now() });
    },
    projectQuota: (viewerId, query) => budget.project(viewerId, query),
  };
}
