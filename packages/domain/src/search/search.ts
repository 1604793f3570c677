import type { Bus } from '@aerogram/bus';
import { type JobKind, defineRecurringJob } from '@aerogram/storage';

import type { BoxHint, UserHint } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { indexAllBehind } from './index-messages.ts';
import { IndexQueue } from './index-queue.ts';
import { listPostsOf } from './list-posts-of.ts';
import { type MatchQuery, type MessageMatches, type MessageQuery, searchRows } from './search-messages.ts';
import { type SearchedBox, searchEverywhere, type WideMatches, type WideQuery } from './search-everywhere.ts';
import { type SearchCalendar, type SearchPosition, surveyDays, surveyPositions } from './survey-messages.ts';

/** Full-text search in messages. */
export interface Search extends AsyncDisposable {
  /**
   * Searches a user's box or a channel, including everything committed before the call. Whoever calls checks that the viewer may read the channel.
   * @param ownerId the user, or the marked id of the channel
   */
  searchMessages(ownerId: bigint, query: MessageQuery): Promise<MessageMatches>;
  /** As {@link searchEverywhere}, including everything committed before the call unless very much is behind. */
  searchEverywhere(ownerId: bigint, boxes: readonly SearchedBox[], query: WideQuery): Promise<WideMatches>;
  /** As {@link surveyDays}, including everything committed before the call. */
  surveyDays(ownerId: bigint, query: MatchQuery, offset: { id: number; date: number }): Promise<SearchCalendar>;
  /** As {@link surveyPositions}, including everything committed before the call. */
  surveyPositions(ownerId: bigint, query: MatchQuery, window: { offsetId: number; limit: number }): Promise<{ count: number; positions: SearchPosition[] }>;
  /** As {@link listPostsOf}. */
  listPostsOf(peerId: bigint, authorId: bigint, limit: number): Promise<number[]>;
  readonly jobKinds: readonly JobKind[];
}

/** How often the job looks for boxes that were never indexed because the process that wrote them died. */
const LOOK_EVERY_MS = 600_000;

/**
 * Creates the search, and a bus that tells the search, and `onBox`, which boxes change. The index lags by less than a second; a search first indexes the newest
 * events of its owner's box.
 */
export function createSearch(deps: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'log'> & { onBox?: (owner: bigint, hint: BoxHint) => void }): { search: Search; bus: Bus } {
  const { db } = deps;
  const queue = new IndexQueue(deps);
  const search: Search = {
    async searchMessages(ownerId, query) {
      await queue.catchUp(ownerId);
      return searchRows(db, ownerId, query);
    },
    async searchEverywhere(ownerId, boxes, query) {
      await queue.catchUpAll(boxes.map(({ owner }) => owner));
      return searchEverywhere(db, ownerId, boxes, query);
    },
    async surveyDays(ownerId, query, offset) {
      await queue.catchUp(ownerId);
      return surveyDays(db, ownerId, query, offset);
    },
    async surveyPositions(ownerId, query, window) {
      await queue.catchUp(ownerId);
      return surveyPositions(db, ownerId, query, window);
    },
    listPostsOf: (peerId, authorId, limit) => listPostsOf(db, peerId, authorId, limit),
    jobKinds: [
      defineRecurringJob({
        kind: 'index-behind',
        everyMs: LOOK_EVERY_MS,
        run: async ({ signal }) => {
          await indexAllBehind(db, signal);
        },
      }),
    ],
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
  return { search, bus: noticeBoxes(deps.bus, (owner, hint) => {
    queue.touch(owner);
    deps.onBox?.(owner, hint);
  }) };
}

/** Wraps a bus to observe which boxes this process writes. */
function noticeBoxes(bus: Bus, notice: (owner: bigint, hint: BoxHint) => void): Bus {
  return {
    decide: (topic, hint) => bus.decide(topic, hint),
    publish(topic, hint) {
      // Only hints of users and channels have the kind 'box'.
      const { kind, owner } = (hint ?? {}) as Partial<UserHint>;
      if (kind === 'box' && owner !== undefined) notice(owner, hint as BoxHint);
      bus.publish(topic, hint);
    },
    subscribe: (topic, fn) => bus.subscribe(topic, fn),
    onReconnect: (fn) => bus.onReconnect(fn),
  };
}
