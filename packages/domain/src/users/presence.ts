import type { Clock, Logger } from '@aerogram/runtime';
import { type Bus, userTopic } from '@aerogram/bus';
import { sql, type Database } from '@aerogram/storage';

import { onAccountHint, publishAccountHint } from '../account-hints.ts';
import { LazyBatch } from '../lazy-batch.ts';
import type { UserHint } from '../updates/box-event.ts';
import { projectStatus } from './project-user.ts';

/** Changes are gathered this long before they are written and told (STORAGE-RULES 15). */
const COALESCE_MS = 5000;
/** How long a client that says "online" is online without saying it again. */
const ONLINE_S = 300;
const MAX_PENDING = 100_000;

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

  const subscription = onAccountHint(deps.bus, (hint) => {
    if (hint.kind !== 'presence') return;
    for (const { userId, onlineDate } of hint.changes) onChange(userId, onlineDate);
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

  return {
    setOnline(userId, online) {
      const now = deps.clock.now();
      const onlineDate = online ? now + ONLINE_S : now;
      if (pending.set(userId, onlineDate)) onChange(userId, onlineDate);
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
