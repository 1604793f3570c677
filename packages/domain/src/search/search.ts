import type { Bus } from '@aerogram/bus';
import { type JobKind, defineRecurringJob } from '@aerogram/storage';
import type { TimerHandle } from '@aerogram/runtime';

import type { UserHint } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { indexAllBehind, indexBoxes } from './index-messages.ts';
import { type MatchQuery, type MessageMatches, type MessageQuery, searchRows } from './search-messages.ts';
import { isBehind } from './search-store.ts';
import { type SearchCalendar, type SearchPosition, surveyDays, surveyPositions } from './survey-messages.ts';

/** Messages by what is in them. */
export interface Search extends AsyncDisposable {
  /** Finds messages in the owner's box, with everything that was committed before the call. */
  searchMessages(ownerId: bigint, query: MessageQuery): Promise<MessageMatches>;
  /** As {@link surveyDays}, with everything that was committed before the call. */
  surveyDays(ownerId: bigint, query: MatchQuery, offset: { id: number; date: number }): Promise<SearchCalendar>;
  /** As {@link surveyPositions}, likewise. */
  surveyPositions(ownerId: bigint, query: MatchQuery, window: { offsetId: number; limit: number }): Promise<{ count: number; positions: SearchPosition[] }>;
  readonly jobKinds: readonly JobKind[];
}

/** How long what happens is collected before it is indexed. */
const COLLECT_MS = 300;
const RETRY_MS = 5000;
/** Events in one transaction; more of them would keep the event loop from everything else for longer than a message may take. */
const SLICE = 128;
/** Boxes in one transaction. */
const BATCH = 32;
/** Boxes that may wait; what comes on top is found by the job. */
const MAX_WAITING = 100_000;
/** How often boxes are looked for that nobody has indexed, because the node that wrote them died. */
const LOOK_EVERY_MS = 600_000;
/** Slices that a search waits for; in a box that is further behind it finds what is there already. */
const CATCH_UP_SLICES = 10;

/**
 * Makes the search subject, and the bus through which it sees which boxes change.
 * Its rows lag by less than a second; a search first indexes what its owner's box has on top.
 */
export function createSearch(deps: Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'log'>): { search: Search; bus: Bus } {
  const { db, clock, log } = deps;
  /** Boxes that are behind, and since when; the longest first. */
  const waiting = new Map<bigint, number>();
  let timer: TimerHandle | undefined;
  let indexing: Promise<void> | undefined;
  let isClosed = false;

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

  /** Indexes some of what waits. @returns when to go on, in milliseconds; never rejects */
  const indexWaiting = async (): Promise<number> => {
    const batch: bigint[] = [];
    for (const owner of waiting.keys()) {
      if (batch.push(owner) === BATCH) break;
    }
    for (const owner of batch) waiting.delete(owner);
    const startedMs = clock.monotonicMs();
    try {
      for (const owner of await indexBoxes(db, batch, SLICE)) note(owner);
    } catch (error) {
      log.warn({ err: error }, 'messages could not be indexed for search');
      for (const owner of batch) note(owner);
      return RETRY_MS;
    }
    // A box is collected for as long however many there are: half as many transactions, each with twice the rows.
    const nowMs = clock.monotonicMs();
    const [longestMs = nowMs] = waiting.values();
    // Under load six sevenths of the time belong to those who send: whoever searches has the rest indexed first.
    return Math.max((nowMs - startedMs) * 6, longestMs + COLLECT_MS - nowMs);
  };

  const catchUp = async (owner: bigint): Promise<void> => {
    if ((await db.run(isBehind, [owner])).rows.length === 0) return;
    try {
      for (let slices = 0, behind = [owner]; behind.length > 0 && slices < CATCH_UP_SLICES; slices++) behind = await indexBoxes(db, behind);
    } catch (error) {
      log.warn({ err: error }, 'a search goes without the newest messages');
    }
  };

  const search: Search = {
    async searchMessages(ownerId, query) {
      await catchUp(ownerId);
      return searchRows(db, ownerId, query);
    },
    async surveyDays(ownerId, query, offset) {
      await catchUp(ownerId);
      return surveyDays(db, ownerId, query, offset);
    },
    async surveyPositions(ownerId, query, window) {
      await catchUp(ownerId);
      return surveyPositions(db, ownerId, query, window);
    },
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

/** A bus that also tells which boxes this node writes. */
function noticeBoxes(bus: Bus, notice: (owner: bigint) => void): Bus {
  return {
    publish(topic, hint) {
      // What is published on topics of users is a UserHint.
      const { kind, owner } = (hint ?? {}) as Partial<UserHint>;
      if (kind === 'box' && owner !== undefined) notice(owner);
      bus.publish(topic, hint);
    },
    subscribe: (topic, fn) => bus.subscribe(topic, fn),
    onReconnect: (fn) => bus.onReconnect(fn),
  };
}
