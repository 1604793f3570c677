import type { Bus } from '@aerogram/bus';
import { unmarkPeer } from '@aerogram/cluster';
import type { Clock, Logger, TimerHandle } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { publishTransient } from '../events/index.ts';
import { findDeciders } from './find-deciders.ts';
import { findPendingRequests, type PendingRequests } from './request-store.ts';

/** Minimum time between two notices about one chat, in milliseconds. Clients only show the number of requests, so a second of delay does no harm. */
const PAUSE_MS = 1000;
/** Time until the next attempt after a notice has failed, in milliseconds. */
const RETRY_MS = 10_000;

/** Tells the admins of groups and channels how many join requests are pending. */
export interface RequestNotices extends Disposable {
  /**
   * Tells the online admins who may approve join requests that the requests have changed. Each chat gets at most one notice per second: the first change is
   * told at once, and all changes of the next second are told together at its end. The numbers are read when a notice is sent, so the last notice always
   * shows the latest state. Call this after the commit of the change.
   * @param peerId marked id of the group or channel
   */
  changed(peerId: bigint): void;
}

/** The dependencies of {@link createRequestNotices}. */
export interface RequestNoticesDeps {
  db: Pick<Database, 'run'>;
  bus: Bus;
  clock: Clock;
  log: Logger;
}

/** The update about pending requests. Pure. */
export function requestsUpdate(peerId: bigint, { pending, recent }: PendingRequests): tl.updatePendingJoinRequests {
  return { _: 'updatePendingJoinRequests', peer: unmarkPeer(peerId), requests_pending: pending, recent_requesters: recent };
}

/** Creates the notices about requests. */
export function createRequestNotices({ db, bus, clock, log }: RequestNoticesDeps): RequestNotices {
  /** Chats whose admins were told less than a pause ago, and whether the requests have changed since then. */
  const pausing = new Map<bigint, { isChanged: boolean; timer?: TimerHandle }>();
  let isClosed = false;

  const tell = async (peerId: bigint): Promise<void> => {
    const [deciders, requests] = await Promise.all([findDeciders(db, peerId, clock.now()), findPendingRequests(db, peerId)]);
    const update = requestsUpdate(peerId, requests);
    // Bots are told of each request instead.
    for (const { user_id, all_from } of deciders) if (all_from === null) publishTransient(bus, user_id, update);
  };
  const begin = async (peerId: bigint): Promise<void> => {
    const pause: { isChanged: boolean; timer?: TimerHandle } = { isChanged: false };
    pausing.set(peerId, pause);
    let pauseMs = PAUSE_MS;
    try {
      await tell(peerId);
    } catch (error) {
      if (isClosed) return;
      log.warn({ err: error }, 'admins could not be told of requests to join');
      pause.isChanged = true;
      pauseMs = RETRY_MS;
    }
    if (isClosed) return;
    pause.timer = clock.setTimeout(() => {
      pausing.delete(peerId);
      if (pause.isChanged) void begin(peerId);
    }, pauseMs);
  };
  return {
    changed(peerId) {
      if (isClosed) return;
      const pause = pausing.get(peerId);
      if (pause === undefined) void begin(peerId);
      else pause.isChanged = true;
    },
    [Symbol.dispose]() {
      isClosed = true;
      for (const { timer } of pausing.values()) timer?.cancel();
    },
  };
}
