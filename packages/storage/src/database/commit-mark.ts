import type { Random } from '@aerogram/runtime';
import type { QueryResult } from 'pg';
import type { Client } from './connections.ts';

/**
 * Tells, after a connection was lost during COMMIT, whether the transaction is there.
 *
 * Each connection has a row; each transaction first writes a new mark into it. Whoever then reads the row FOR UPDATE
 * waits while the transaction still runs, and finds its mark exactly when it was committed: also after recovery from
 * a crash, where transaction ids prove nothing because they are given out again.
 */
export interface CommitMark {
  slot: bigint;
  mark: bigint;
}

const slots = new WeakMap<Client, { slot: bigint; lastMark: bigint }>();

/** Opens a transaction and marks it, in one round trip. */
export async function beginMarked(client: Client, random: Random, date: number): Promise<CommitMark> {
  for (;;) {
    let state = slots.get(client);
    if (!state) {
      state = { slot: random.int63(), lastMark: 0n };
      // Committed by itself: the row must be there to be waited for.
      await client.query('INSERT INTO commit_marks (slot, mark, date) VALUES ($1, 0, $2)', [state.slot, date]);
      slots.set(client, state);
    }
    state.lastMark += 1n;
    const begin = `BEGIN; UPDATE commit_marks SET mark = ${state.lastMark}, date = ${date} WHERE slot = ${state.slot}`;
    const results = (await client.query(begin)) as unknown as QueryResult[];
    if (results[1]?.rowCount === 1) return { slot: state.slot, mark: state.lastMark };
    // Another node cleared it away while this connection was idle for a day.
    await client.query('ROLLBACK');
    slots.delete(client);
  }
}

/** Whether the marked transaction was committed; waits while it still runs. */
export async function isCommitted(client: Client, mark: CommitMark): Promise<boolean> {
  const { rows } = await client.query<{ mark: bigint }>('SELECT mark FROM commit_marks WHERE slot = $1 FOR UPDATE', [mark.slot]);
  return rows[0]?.mark === mark.mark;
}

/** Removes the rows of connections that have not been used for a day; called at start. */
export async function dropOldMarks(client: Client, date: number): Promise<void> {
  await client.query('DELETE FROM commit_marks WHERE date < $1', [date - 86_400]);
}
