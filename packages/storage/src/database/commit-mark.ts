import type { Random } from '@aerogram/runtime';
import { isWaitCancelled, watchWaits } from './connection-state.ts';
import type { Client } from './connections.ts';
import { CommitUnconfirmed, DatabaseUnavailable } from './errors.ts';
import { pipelineOf } from './pipeline.ts';
import { defineStatement } from './statement.ts';

/**
 * Finds out whether a transaction was committed when the connection was lost during COMMIT.
 *
 * Each connection has a row, and each transaction first writes a new mark into it. Reading the row FOR UPDATE waits while the transaction
 * still runs, and then finds its mark if and only if it was committed. This also works after crash recovery, where transaction ids prove
 * nothing because they are reused.
 *
 * The row is also what keeps a server that has lost its lease from committing (`fenceNode`): it is deleted, and a new one can be made only
 * while the lease is held.
 */
export interface CommitMark {
  slot: bigint;
  mark: bigint;
}

const begin = defineStatement('begin', 'BEGIN');
const writeMark = defineStatement('write_commit_mark', 'UPDATE commit_marks SET mark = $1, date = $2 WHERE slot = $3');

/** One time that a process holds the row of a node. */
export interface Incarnation {
  /** Of the node. */
  name: string;
  /** Belongs to this time only. */
  token: bigint;
}

/** The name that the connections of a process have in the database. */
export const applicationNameOf = ({ name, token }: Incarnation): string => `aerogram node ${name} ${token}`;

// Committed separately: the row must exist so that a reader can wait for it.
const makeRow = defineStatement('make_commit_mark', 'INSERT INTO commit_marks (slot, mark, date) VALUES ($1, 0, $2)');

// The lock waits for whoever is taking the node's row away, and is waited for: no row is made after the rows were deleted.
const makeNodesRow = defineStatement(
  'make_commit_mark_of_node',
  `WITH node AS (SELECT name, token FROM nodes WHERE name = $3 AND token = $4 FOR SHARE)
   INSERT INTO commit_marks (slot, mark, date, node, token)
   SELECT $1::bigint, 0, $2::integer, name, token FROM node WHERE set_config('application_name', $5, false) IS NOT NULL`,
);

interface Slot {
  slot: bigint;
  lastMark: bigint;
  /** Of the node's row when it was made. */
  token: bigint | undefined;
}

const slots = new WeakMap<Client, Slot>();

/** The connection's row was deleted: it was idle for a day, or the node is lost. The transaction is run again. */
export class MarkMissing extends Error {
  constructor() {
    super('the row of the commit mark is missing');
  }
}

/** Who writes, and when. */
export interface Writer {
  random: Random;
  date: number;
  /** Undefined for a command of the operator, which holds no lease. */
  incarnation: Incarnation | undefined;
}

/**
 * Makes sure that the connection has its row in `commit_marks`, into which each of its transactions writes a mark.
 * @returns undefined if it has one
 * @throws DatabaseUnavailable when the process does not hold its node's row any more
 */
export function prepareMark(client: Client, writer: Writer): Promise<void> | undefined {
  const known = slots.get(client);
  return known && known.token === writer.incarnation?.token ? undefined : makeMarkRow(client, writer);
}

async function makeMarkRow(client: Client, { random, date, incarnation }: Writer): Promise<void> {
  const slot = random.int63();
  const pipeline = pipelineOf(client);
  const { count } = incarnation
    ? await pipeline.run(makeNodesRow, [slot, date, incarnation.name, incarnation.token, applicationNameOf(incarnation)])
    : await pipeline.run(makeRow, [slot, date]);
  if (count === 0) throw new DatabaseUnavailable('this server has lost the right to serve from the database');
  slots.set(client, { slot, lastMark: 0n, token: incarnation?.token });
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
  pipeline.send(begin, []);
  const begun = pipeline.run(writeMark, [mark.mark, date, mark.slot]).then(({ count }) => {
    if (count === 1) return;
    slots.delete(client);
    throw new MarkMissing();
  });
  return { mark, begun };
}

/**
 * Returns whether the marked transaction was committed; waits while it still runs. The lock makes this a transaction that commits, so a synchronous standby has confirmed
 * it, and with it what is found, before the database answers.
 * @throws CommitUnconfirmed when it has not
 */
export async function isCommitted(client: Client, mark: CommitMark): Promise<boolean> {
  watchWaits(client);
  const { rows } = await client.query<{ mark: bigint }>('SELECT mark FROM commit_marks WHERE slot = $1 FOR UPDATE', [mark.slot]);
  if (isWaitCancelled(client)) throw new CommitUnconfirmed();
  return rows[0]?.mark === mark.mark;
}

/** Deletes the rows of connections that have not been used for a day; called at startup. */
export async function dropOldMarks(client: Client, date: number): Promise<void> {
  await client.query('DELETE FROM commit_marks WHERE date < $1', [date - 86_400]);
}
