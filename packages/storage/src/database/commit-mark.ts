import type { Random } from '@aerogram/runtime';
import type { Client } from './connections.ts';
import { pipelineOf } from './pipeline.ts';
import { defineStatement } from './statement.ts';

/**
 * Finds out whether a transaction was committed when the connection was lost during COMMIT.
 *
 * Each connection has a row, and each transaction first writes a new mark into it. Reading the row FOR UPDATE waits while the transaction
 * still runs, and then finds its mark if and only if it was committed. This also works after crash recovery, where transaction ids prove
 * nothing because they are reused.
 */
export interface CommitMark {
  slot: bigint;
  mark: bigint;
}

const begin = defineStatement('begin', 'BEGIN');
const writeMark = defineStatement('write_commit_mark', 'UPDATE commit_marks SET mark = $1, date = $2 WHERE slot = $3');

const slots = new WeakMap<Client, { slot: bigint; lastMark: bigint }>();

/** Another node deleted the connection's row because the connection was idle for a day. The transaction is run again. */
export class MarkMissing extends Error {
  constructor() {
    super('the row of the commit mark is missing');
  }
}

/** Makes sure that the connection has a row for its marks; needs no round trip if it has. */
export async function prepareMark(client: Client, random: Random, date: number): Promise<void> {
  if (slots.has(client)) return;
  const slot = random.int63();
  // Committed separately: the row must exist so that a reader can wait for it.
  await client.query('INSERT INTO commit_marks (slot, mark, date) VALUES ($1, 0, $2)', [slot, date]);
  slots.set(client, { slot, lastMark: 0n });
}

/**
 * Sends BEGIN and the mark; further statements may be sent right after it.
 * @returns the mark, and a promise of the response that rejects with {@link MarkMissing} or a database error; it must be awaited before
 * COMMIT
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

/** Returns whether the marked transaction was committed; waits while it still runs. */
export async function isCommitted(client: Client, mark: CommitMark): Promise<boolean> {
  const { rows } = await client.query<{ mark: bigint }>('SELECT mark FROM commit_marks WHERE slot = $1 FOR UPDATE', [mark.slot]);
  return rows[0]?.mark === mark.mark;
}

/** Deletes the rows of connections that have not been used for a day; called at startup. */
export async function dropOldMarks(client: Client, date: number): Promise<void> {
  await client.query('DELETE FROM commit_marks WHERE date < $1', [date - 86_400]);
}
