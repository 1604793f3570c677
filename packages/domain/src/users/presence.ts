import { type Clock, type Logger, RecentMap } from '@aerogram/runtime';
import { type Bus, userTopic } from '@aerogram/bus';
import { sql, type Database } from '@aerogram/storage';

import type { UserHint } from '../events/index.ts';
import { LazyBatch, onAccountHint, publishAccountHint } from '../shared/index.ts';
import { projectStatus } from './project-user.ts';

/** Changes are gathered this long before they are written and told (rule S15). */
const COALESCE_MS = 5000;
/** How long a user is online after the client said so, or after the user did something, in seconds. */
const ONLINE_S = 300;
/** What a user does makes the time longer when no more than this is left of it, so that it is written once in two minutes at most. */
const RENEWED_S = 180;
/** Clients mark messages as read some seconds after they were seen, also when they have said meanwhile that the user is away. */
const LATE_READING_S = 5;
const MAX_PENDING = 100_000;

/** What a call says about its caller: `acting` is to send or to type, `reading` to mark messages as read. */
export type PresenceSign = 'acting' | 'reading';

export interface PresenceDeps {
  db: Database;
  bus: Bus;
  clock: Clock;
  log: Logger;
  /** Of those who looked lately, who sees exactly when the user was online. */
  listStatusViewers(userId: bigint): Promise<bigint[]>;
}

/** Who is online. Changes are gathered, written at most once in 5 s, and pushed to those who looked lately. */
export interface Presence extends AsyncDisposable {
  /** Notes what account.updateStatus said. */
  setOnline(userId: bigint, online: boolean): void;
  /** Notes that the user did something, and so is online. Costs one look into a map while the user is known to be online. */
  noteSign(userId: bigint, sign: PresenceSign): void;
  /** The newest known moment of this user, where it is newer than the row. */
  findPending(userId: bigint): number | undefined;
  /** Writes and tells what is gathered; the timer does it, and tests. */
  flush(): Promise<void>;
}

/** Makes presence over the users table; hints keep the rows of other nodes' caches in step through `onChange`. */
export function createPresence(deps: PresenceDeps, onChange: (userId: bigint, onlineDate: number) => void): Presence {
  let telling: Promise<void> = Promise.resolve();

  const tell = async (changes: readonly { userId: bigint; onlineDate: number }[]): Promise<void> => {
    for (const { userId, onlineDate } of changes) {
      const status = projectStatus({ online_date: onlineDate }, 'exact', deps.clock.now());
      const update = { _: 'updateUserStatus' as const, user_id: userId, status };
      for (const owner of await deps.listStatusViewers(userId)) {
        deps.bus.publish(userTopic(owner), { kind: 'transient', owner, update } satisfies UserHint);
      }
    }
  };

  // Until when those are online who did something lately; in the past for those who said that they are away.
  const onlineDates = new RecentMap<bigint, number>(MAX_PENDING);

  const subscription = onAccountHint(deps.bus, (hint) => {
    if (hint.kind !== 'presence') return;
    for (const { userId, onlineDate } of hint.changes) {
      onChange(userId, onlineDate);
      // Another process may have heard that the user is away. What this one has not written yet is newer.
      if (pending.get(userId) === undefined && onlineDates.get(userId) !== undefined) onlineDates.set(userId, onlineDate);
    }
    telling = telling
      .then(() => tell(hint.changes))
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'presence was not told');
      });
  });

  const write = async (changes: ReadonlyMap<bigint, number>): Promise<void> => {
    await deps.db.transact('write-presence', async (tx) => {
      const ids = [...changes.keys()].toSorted((a, b) => (a < b ? -1 : 1));
      const dates = ids.map((id) => changes.get(id) ?? 0);
      await sql`
        UPDATE users SET online_date = changes.online_date
        FROM unnest(${ids}::int8[], ${dates}::int4[]) AS changes (user_id, online_date)
        WHERE users.user_id = changes.user_id`.execute(tx.q);
    });
    const list = [...changes].map(([userId, onlineDate]) => ({ userId, onlineDate }));
    publishAccountHint(deps.bus, { kind: 'presence', changes: list });
  };
  const pending = new LazyBatch<bigint, number>(deps, { what: 'presence', delayMs: COALESCE_MS, max: MAX_PENDING, write });

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
