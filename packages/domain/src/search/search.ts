import type { Bus } from '@aerogram/bus';
import { type JobKind, defineRecurringJob } from '@aerogram/storage';
import type { TimerHandle } from '@aerogram/runtime';

import type { UserHint } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { indexAllBehind, indexBoxes } from './index-messages.ts';
import { listPostsOf } from './list-posts-of.ts';
import { type MatchQuery, type MessageMatches, type MessageQuery, searchRows } from './search-messages.ts';
import { type SearchedBox, searchEverywhere, type WideMatches, type WideQuery } from './search-everywhere.ts';
import { listIndexStates } from './search-store.ts';
import { type SearchCalendar, type SearchPosition, surveyDays, surveyPositions } from './survey-messages.ts';

/** Full-text search in messages. */
export interface Search extends AsyncDisposable {
  /**
   * Searches a user's box or a channel, including everything committed before the call. Whoever calls checks that the viewer may read the channel.
   * @param ownerId the user, or the marked id of the channel
   */
  searchMessages(ownerId: bigint, query: MessageQuery): Promise<MessageMatches>;
  /** Same as {@link searchEverywhere}, including everything committed before the call unless very much is behind. */
  searchEverywhere(ownerId: bigint, boxes: readonly SearchedBox[], query: WideQuery): Promise<WideMatches>;
  /** Same as {@link surveyDays}, including everything committed before the call. */
  surveyDays(ownerId: bigint, query: MatchQuery, offset: { id: number; date: number }): Promise<SearchCalendar>;
  /** Same as {@link surveyPositions}, including everything committed before the call. */
  surveyPositions(ownerId: bigint, query: MatchQuery, window: { offsetId: number; limit: number }): Promise<{ count: number; positions: SearchPosition[] }>;
  /** Same as {@link listPostsOf}. */
  listPostsOf(peerId: bigint, authorId: bigint, limit: number): Promise<number[]>;
  readonly jobKinds: readonly JobKind[];
}

/** Milliseconds for which changes are collected before they are indexed. */
const COLLECT_MS = 300;

const RETRY_MS = 5000;
/** Maximum number of events per transaction. */
const SLICE = 128;
/** Maximum number of boxes per transaction. */
const BATCH = 32;
/** Maximum number of queued boxes. The recurring job finds further ones. */
const MAX_WAITING = 100_000;
/** How often the job looks for boxes that were never indexed because the process that wrote them died. */
const LOOK_EVERY_MS = 600_000;
/** Maximum number of slices that a search waits for. In a box that is further behind it searches what has been indexed. */
const CATCH_UP_SLICES = 10;
/** How long a search waits for the index before it searches what has been indexed, in milliseconds. */
const CATCH_UP_MS = 2000;

/**
 * Creates the search, and a bus that tells it which boxes change. The index lags by less than a second; a search first indexes the newest
 * events of its owner's box.
 */
export function createSearch(deps: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'log'>): { search: Search; bus: Bus } {
  const { db, clock, log } = deps;
  /** Boxes to index, with the time since which they wait; longest waiting first. */
  const waiting = new Map<bigint, number>();
  let timer: TimerHandle | undefined;
  let indexing: Promise<void> | undefined;
  let isClosed = false;
  /** Part of the maximum sizes above that is used. It is halved by every failure, so that a batch that takes too long is not repeated as it was. */
  let share = 1;
  /** The catch-up of a box that searches wait for. */
  const catchingUp = new Map<bigint, Promise<void>>();

  const schedule = (ms: number): void => {
    if (isClosed || waiting.size === 0 || timer || indexing) return;
    timer = clock.setTimeout(() => {
      timer = undefined;
      indexing = indexWaiting().then((pauseMs) => {
        indexing = undefined;
        schedule(pauseMs);
      });
    }, ms);
  };
  const note = (owner: bigint): void => {
    if (!waiting.has(owner)) waiting.set(owner, clock.monotonicMs());
  };
  const touch = (owner: bigint): void => {
    if (waiting.size < MAX_WAITING) note(owner);
    schedule(COLLECT_MS);
  };

  /**
   * Indexes a batch of the queued boxes. Never rejects.
   * @returns the pause before the next batch, in milliseconds
   */
  const indexWaiting = async (): Promise<number> => {
    const batch: bigint[] = [];
    for (const owner of waiting.keys()) {
      if (batch.push(owner) >= BATCH * share) break;
    }
    for (const owner of batch) waiting.delete(owner);
    const startedMs = clock.monotonicMs();
    try {
      for (const owner of await indexBoxes(db, batch, Math.ceil(SLICE * share))) note(owner);
      share = Math.min(share * 2, 1);
    } catch (error) {
      log.warn({ err: error }, 'messages could not be indexed for search');
      share = Math.max(share / 2, 1 / SLICE);
      for (const owner of batch) note(owner);
      return RETRY_MS;
    }
    // Every box waits for the full collection time, whatever the number of boxes. That halves the number of transactions and doubles the
    // rows in each.
    const nowMs = clock.monotonicMs();
    const [longestMs = nowMs] = waiting.values();
    // Under load indexing takes at most a seventh of the time, in favour of sends. Searches index what they need themselves.
    return Math.max((nowMs - startedMs) * 6, longestMs + COLLECT_MS - nowMs);
  };

  const listBehind = async (owners: readonly bigint[]): Promise<bigint[]> =>
    (await listIndexStates(db, owners)).filter((state) => Math.max(state.indexed_pts, 1) < state.box_pts).map((state) => state.owner_id);
  const indexOwn = async (owners: readonly bigint[]): Promise<void> => {
    const untilMs = clock.monotonicMs() + CATCH_UP_MS;
    try {
      let behind = await listBehind(owners);
      for (let slices = 0; behind.length > 0 && slices < CATCH_UP_SLICES && clock.monotonicMs() < untilMs; slices++) {
        behind = await indexBoxes(db, behind);
      }
    } catch (error) {
      log.warn({ err: error }, 'a search goes without the newest messages');
    }
  };
  /** Indexes the newest messages of a box. Searches of the same box wait for the same work. */
  const catchUp = async (owner: bigint): Promise<void> => {
    // One that is under way may have read the box before this search began; the next one cannot have.
    await catchingUp.get(owner);
    let next = catchingUp.get(owner);
    if (!next) {
      next = indexOwn([owner]).finally(() => catchingUp.delete(owner));
      catchingUp.set(owner, next);
    }
    await next;
  };

  const search: Search = {
    async searchMessages(ownerId, query) {
      await catchUp(ownerId);
      return searchRows(db, ownerId, query);
    },
    async searchEverywhere(ownerId, boxes, query) {
      const behind = await listBehind(boxes.map(({ owner }) => owner));
      if (behind.length === 1) await catchUp(behind[0]!);
      else if (behind.length > 1) await indexOwn(behind.slice(0, BATCH));
      return searchEverywhere(db, ownerId, boxes, query);
    },
    async surveyDays(ownerId, query, offset) {
      await catchUp(ownerId);
      return surveyDays(db, ownerId, query, offset);
    },
    async surveyPositions(ownerId, query, window) {
      await catchUp(ownerId);
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
    async [Symbol.asyncDispose]() {
      isClosed = true;
      timer?.cancel();
      await indexing;
    },
  };
  return { search, bus: noticeBoxes(deps.bus, touch) };
}

/** Wraps a bus to observe which boxes this process writes. */
function noticeBoxes(bus: Bus, notice: (owner: bigint) => void): Bus {
  return {
    publish(topic, hint) {
      // Only hints of users and channels have the kind 'box'.
      const { kind, owner } = (hint ?? {}) as Partial<UserHint>;
      if (kind === 'box' && owner !== undefined) notice(owner);
      bus.publish(topic, hint);
    },
    subscribe: (topic, fn) => bus.subscribe(topic, fn),
    onReconnect: (fn) => bus.onReconnect(fn),
  };
}
