import { type Clock, type Logger, RecentMap } from '@aerogram/runtime';
import type { Bus } from '@aerogram/bus';
import type { Database } from '@aerogram/storage';

import { publishTransient } from '../events/index.ts';
import { onAccountHint, publishAccountHint, WriteBehindBuffer } from '../shared/index.ts';
import { projectStatus } from './project-user.ts';
import { saveOnlineDates } from './user-store.ts';

/** Milliseconds for which changes are collected before they are written and pushed (rule S15, channel interest). */
const COALESCE_MS = 5000;
/** Seconds for which a user counts as online after account.updateStatus or an action. */
const ONLINE_S = 300;
/**
 * An action extends the online time only when at most this many seconds of it are left, so that it is written at most once every two
 * minutes.
 */
const RENEWED_S = 180;
/**
 * Clients mark messages as read some seconds after showing them, even after they reported the user as offline. Read marks within this many
 * seconds do not make the user online again.
 */
const LATE_READING_S = 5;

const MAX_PENDING = 100_000;

/** What a call says about its caller: `acting` means sending or typing, `reading` means marking messages as read. */
export type PresenceSign = 'acting' | 'reading';

export interface PresenceDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** Lists those recent viewers who may see the user's exact online status. */
  listStatusViewers(userId: bigint): Promise<bigint[]>;
}

/** Users' online status. Changes are collected, written at most every 5 seconds, and pushed to recent viewers. */
export interface Presence extends AsyncDisposable {
  /** Records a call of account.updateStatus. */
  setOnline(userId: bigint, online: boolean): void;
  /** Records an action that makes the user online. Costs one Map lookup while the user is known to be online. */
  noteSign(userId: bigint, sign: PresenceSign): void;
  /** Returns the user's newest online date that is not yet written to the row (unix seconds), or undefined. */
  findPending(userId: bigint): number | undefined;
  /** Writes and pushes the collected changes now. Called by the timer and by tests. */
  flush(): Promise<void>;
}

/**
 * Creates the presence tracker, which stores its dates in the `users` table.
 * @param onChange called for changes made here and in other processes, so that caches of user rows stay current
 */
export function createPresence(deps: PresenceDeps, onChange: (userId: bigint, onlineDate: number) => void): Presence {
  let telling: Promise<void> = Promise.resolve();

  const tell = async (changes: readonly { userId: bigint; onlineDate: number }[]): Promise<void> => {
    for (const { userId, onlineDate } of changes) {
      const status = projectStatus({ online_date: onlineDate }, 'exact', deps.clock.now());
      const update = { _: 'updateUserStatus' as const, user_id: userId, status };
      for (const owner of await deps.listStatusViewers(userId)) {
        publishTransient(deps.bus, owner, update);
      }
    }
  };

  // The date until which each recently active user is online; a date in the past if the user has gone offline.
  const onlineDates = new RecentMap<bigint, number>(MAX_PENDING);

  const subscription = onAccountHint(deps.bus, (hint) => {
    if (hint.kind !== 'presence') return;
    for (const { userId, onlineDate } of hint.changes) {
      onChange(userId, onlineDate);
      // Another process may know that the user went offline. But a change that this process has not written yet is newer.
      if (pending.get(userId) === undefined && onlineDates.get(userId) !== undefined) onlineDates.set(userId, onlineDate);
    }
    telling = telling
      .then(() => tell(hint.changes))
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'presence was not told');
      });
  });

  const write = async (changes: ReadonlyMap<bigint, number>): Promise<void> => {
    await deps.db.transact('write-presence', (tx) => saveOnlineDates(tx, changes));
    const list = [...changes].map(([userId, onlineDate]) => ({ userId, onlineDate }));
    publishAccountHint(deps.bus, { kind: 'presence', changes: list });
  };
  const pending = new WriteBehindBuffer<bigint, number>(deps, { what: 'presence', delayMs: COALESCE_MS, max: MAX_PENDING, write });

  const set = (userId: bigint, onlineDate: number): void => {
    if (!pending.set(userId, onlineDate)) return;
    onlineDates.set(userId, onlineDate);
    onChange(userId, onlineDate);
  };

  return {
    setOnline(userId, online) {
      const now = deps.clock.now();
      set(userId, online ? now + ONLINE_S : now);
    },
    noteSign(userId, sign) {
      const now = deps.clock.now();
      const left = (onlineDates.get(userId) ?? 0) - now;
      if (left > RENEWED_S) return;
      if (sign === 'reading' && left <= 0 && left > -LATE_READING_S) return;
      set(userId, now + ONLINE_S);
    },
    findPending: (userId) => pending.get(userId),
    flush: () => pending.flush(),
    async [Symbol.asyncDispose]() {
      subscription[Symbol.dispose]();
      await pending.flush();
      await telling;
    },
  };
}
