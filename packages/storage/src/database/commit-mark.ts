import type { Random } from '@aerogram/runtime';
import type { Client } from './connections.ts';
import { pipelineOf } from './pipeline.ts';
import { defineStatement } from './statement.ts';

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

const begin = defineStatement('begin', 'BEGIN');
const writeMark = defineStatement('write_commit_mark', 'UPDATE commit_marks SET mark = $1, date = $2 WHERE slot = $3');

const slots = new WeakMap<Client, { slot: bigint; lastMark: bigint }>();

/** Another node cleared the mark's row away while the connection was idle for a day: the transaction begins again. */
export class MarkMissing extends Error {
  constructor() {
    super('the row of the commit mark is missing');
  }
}

/** Sees to it that the connection has a row for its marks; without a round trip when it has. */
export async function prepareMark(client: Client, random: Random, date: number): Promise<void> {
  if (slots.has(client)) return;
  const slot = random.int63();
  // Committed by itself: the row must be there to be waited for.
  await client.query('INSERT INTO commit_marks (slot, mark, date) VALUES ($1, 0, $2)', [slot, date]);
  slots.set(client, { slot, lastMark: 0n });
}

/**
 * Sends what opens a transaction and marks it; statements may be sent right behind it.
 * @returns the mark, and a promise of the answer that rejects with {@link MarkMissing} or what the database says;
 * nothing may be committed before it was waited for
 */
export function beginMarked(client: Client, date: number): { mark: CommitMark; begun: Promise<void> } {
  const state = slots.get(client);
  if (!state) throw new Error('prepareMark comes before beginMarked');
  state.lastMark += 1n;
  const mark = { slot: state.slot, mark: state.lastMark };
  const pipeline = pipelineOf(client);
  const sent = [pipeline.run(begin, []), pipeline.run(writeMark, [mark.mark, date, mark.slot])];
  const check = async (): Promise<void> => {
    const [, written] = await Promise.all(sent);
    if (written!.count === 1) return;
    slots.delete(client);
    throw new MarkMissing();
  };
  return { mark, begun: check() };
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
