import { type Clock, type Logger, RecentMap } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

import { WriteBehindBuffer } from '../shared/index.ts';
import { saveSeenDevices, saveSeenGuests, type SeenDevice } from './auth-key-store.ts';

/** Minimum number of seconds between two writes of a device's last activity. */
const WRITE_EVERY_S = 60;

const FLUSH_MS = 10_000;
const MAX_NOTED = 100_000;
/** Longer for keys without a user, because their activity only shows whether the key is still in use. */
const GUEST_WRITE_EVERY_S = 24 * 3600;

/** Records the last activity and address of each authorisation, for the list of devices. A crash loses the last minute. */
export interface Activity extends AsyncDisposable {
  note(userId: bigint, authKeyId: bigint, address: string): void;
  /**
   * Records a call from a permanent key without a user.
   * @param seenDate the stored date of its last activity, unix seconds
   */
  noteGuest(authKeyId: bigint, seenDate: number): void;
  flush(): Promise<void>;
}

/** Creates the activity recorder. */
export function createActivity(deps: { db: Database; clock: Clock; log: Logger }): Activity {
  const { db, clock } = deps;
  const written = new RecentMap<bigint, number>(MAX_NOTED);
  const seen = new WriteBehindBuffer<bigint, Omit<SeenDevice, 'authKeyId'>>(deps, {
    what: 'activity',
    delayMs: FLUSH_MS,
    max: MAX_NOTED,
    write: (batch) => saveSeenDevices(db, [...batch].map(([authKeyId, device]) => ({ authKeyId, ...device }))),
  });
  const guests = new WriteBehindBuffer<bigint, number>(deps, {
    what: 'activity of guests',
    delayMs: FLUSH_MS,
    max: MAX_NOTED,
    write: (batch) => saveSeenGuests(db, batch),
  });

  const flush = async (): Promise<void> => {
    await Promise.all([seen.flush(), guests.flush()]);
  };

  /** Whether the last write for this key is at least `everyS` seconds old. Then records a write now. */
  const isDue = (authKeyId: bigint, everyS: number): boolean => {
    const date = clock.now();
    const last = written.get(authKeyId);
    if (last !== undefined && date - last < everyS) return false;
    written.set(authKeyId, date);
    return true;
  };

  return {
    note(userId, authKeyId, address) {
      if (isDue(authKeyId, WRITE_EVERY_S)) seen.set(authKeyId, { userId, address, date: clock.now() });
    },
    noteGuest(authKeyId, seenDate) {
      if (clock.now() - seenDate >= GUEST_WRITE_EVERY_S && isDue(authKeyId, GUEST_WRITE_EVERY_S)) guests.set(authKeyId, clock.now());
    },
    flush,
    [Symbol.asyncDispose]: flush,
  };
}
