import { type Clock, type Logger, RecentMap } from '@aerogram/runtime';
import { sql, type Database } from '@aerogram/storage';

import { WriteBehindBuffer } from '../shared/index.ts';

/** Minimum number of seconds between two writes of a device's last activity. */
const WRITE_EVERY_S = 60;
const FLUSH_MS = 10_000;
const MAX_NOTED = 100_000;
/** Longer for keys without a user, because their activity only shows whether the key is still in use. */
const GUEST_WRITE_EVERY_S = 24 * 3600;

interface Seen {
  userId: bigint;
  address: string;
  date: number;
}

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
  const seen = new WriteBehindBuffer<bigint, Seen>(deps, {
    what: 'activity',
    delayMs: FLUSH_MS,
    max: MAX_NOTED,
    write: (batch) => writeSeen(db, batch),
  });
  const guests = new WriteBehindBuffer<bigint, number>(deps, {
    what: 'activity of guests',
    delayMs: FLUSH_MS,
    max: MAX_NOTED,
    write: (batch) => writeGuests(db, batch),
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

async function writeSeen(db: Database, batch: ReadonlyMap<bigint, Seen>): Promise<void> {
  const rows = [...batch].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await db.transact('write-activity', async (tx) => {
    await sql`
      UPDATE authorizations SET active_date = seen.active_date, address = seen.address
      FROM unnest(
        ${rows.map(([, seen]) => seen.userId)}::int8[], ${rows.map(([id]) => id)}::int8[],
        ${rows.map(([, seen]) => seen.date)}::int4[], ${rows.map(([, seen]) => seen.address)}::text[]
      ) AS seen (user_id, auth_key_id, active_date, address)
      WHERE authorizations.user_id = seen.user_id AND authorizations.auth_key_id = seen.auth_key_id`.execute(tx.q);
  });
}

async function writeGuests(db: Database, batch: ReadonlyMap<bigint, number>): Promise<void> {
  const rows = [...batch].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await db.transact('write-guests', async (tx) => {
    await sql`
      UPDATE auth_keys SET seen_date = seen.date
      FROM unnest(${rows.map(([id]) => id)}::int8[], ${rows.map(([, date]) => date)}::int4[]) AS seen (auth_key_id, date)
      WHERE auth_keys.auth_key_id = seen.auth_key_id AND auth_keys.user_id IS NULL`.execute(tx.q);
  });
}
