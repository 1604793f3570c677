import type { ClockRecord } from '@aerogram/runtime';
import type pg from 'pg';
import { applicationNameOf, type Incarnation } from '../database/commit-mark.ts';
import type { Database } from '../database/open-database.ts';
import { SYNCHRONOUS, TIMELINE } from '../database/timeline.ts';
import { type ClockRow, DATABASE_MS } from './serving-state.ts';

/** What a server is among those that use its database. `serving` nodes are the members of the generation, as is a server that is `alone`. */
export type NodeState = 'alone' | 'joining' | 'serving' | 'draining' | 'left' | 'lost';

/** A row of `nodes`. */
export interface NodeRow extends ClockRow {
  name: string;
  host: string;
  pid: number;
  state: NodeState;
  token: bigint;
  until_ms: bigint;
  served: boolean;
  seen_generation: number;
  seen_barrier: number;
  link_address: string;
}

/** What one renewal reads: all nodes that hold their rows, on one snapshot. */
export interface ClusterView {
  generation: number;
  barrier: number;
  databaseMs: number;
  /** Of the server that answered. */
  timeline: string;
  /** Whether a standby confirms its commits. */
  isSynchronous: boolean;
  /** What the row of the cluster says of the primary; undefined before migration 120. */
  noted: { timeline: string; isSynchronous: boolean; epochTimeline: string } | undefined;
  nodes: NodeRow[];
}

interface ViewRow extends NodeRow {
  generation: number;
  barrier: number;
  database_ms: bigint;
  timeline: string;
  is_synchronous: boolean;
  cluster: { timeline?: string; synchronous: boolean; epoch_timeline: string };
}

// A server renews its row while it brings the schema up to date, so columns that may be missing are not named.
const VIEW = `
  c.generation, c.barrier, to_jsonb(c) AS cluster, ${DATABASE_MS} AS database_ms, ${TIMELINE} AS timeline, ${SYNCHRONOUS} AS is_synchronous, n.* FROM cluster c LEFT JOIN nodes n`;

const RENEW = `
  WITH renewed AS (
    UPDATE nodes
       SET until_ms = ${DATABASE_MS} + $3, seen_generation = $4, seen_barrier = $5, clock_ms = $6, offset_ms = $7, step_ms = $8, stepped_ms = $9,
           clock_accepted = clock_accepted AND stepped_ms IS NOT DISTINCT FROM $9
     WHERE name = $1 AND token = $2
    RETURNING clock_accepted)
  SELECT r.clock_accepted AS accepted, ${VIEW} ON n.token <> 0 CROSS JOIN renewed r ORDER BY n.name`;

const TAKE = `
  INSERT INTO nodes (name, host, pid, state, seen_barrier, link_address, token, until_ms, clock_ms, step_ms, stepped_ms, clock_accepted)
  VALUES ($1, $2, $3, $4, (SELECT barrier FROM cluster), '', $5, ${DATABASE_MS} + $6, $7, $8, $9, $10)
  ON CONFLICT (name) DO UPDATE
     SET host = excluded.host, pid = excluded.pid, state = excluded.state, link_address = excluded.link_address,
         token = excluded.token, until_ms = excluded.until_ms, served = false, seen_generation = 0, seen_barrier = excluded.seen_barrier,
         clock_ms = excluded.clock_ms, step_ms = excluded.step_ms, stepped_ms = excluded.stepped_ms, clock_accepted = excluded.clock_accepted`;

/** The statement that begins a generation. It comes before the change of the members, and notes who may still serve by this generation or an earlier one. */
export const nextGenerationSql = (dropsCaches: boolean): string => `
  WITH noted AS (
    UPDATE nodes n SET served = NOT n.served FROM cluster c
     WHERE n.served <> (n.state IN ('alone', 'serving') OR n.served AND n.seen_generation < c.generation))
  UPDATE cluster SET generation = generation + 1, barrier = barrier + ${dropsCaches ? 1 : 0}`;

const TAKE_AWAY = `
  UPDATE nodes SET token = 0, until_ms = 0, state = $3, served = false WHERE name = $1 AND token = $2 AND ($4::bigint IS NULL OR until_ms = $4)`;

// A backend of another role cannot be ended; it ends by itself within seconds.
const END_BACKENDS = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
   WHERE datname = current_database() AND application_name = $1 AND pg_has_role(usesysid, 'USAGE')`;

function viewOf(rows: ViewRow[]): ClusterView {
  const { generation, barrier, database_ms, timeline, is_synchronous: isSynchronous, cluster } = rows[0]!;
  const noted = cluster.timeline === undefined ? undefined : { timeline: cluster.timeline, isSynchronous: cluster.synchronous, epochTimeline: cluster.epoch_timeline };
  return { generation, barrier, databaseMs: Number(database_ms), timeline, isSynchronous, noted, nodes: rows.filter((row) => row.name !== null) };
}

/** What a server tells with each renewal. */
export interface Renewal {
  leaseMs: number;
  seenGeneration: number;
  seenBarrier: number;
  clock: ClockRecord;
  offsetMs: number;
}

/** Renews a row. @returns what the cluster looked like just before; undefined if the row belongs to this process no more */
export async function renewNode(client: pg.Client, { name, token }: Incarnation, renewal: Renewal): Promise<{ isClockAccepted: boolean; view: ClusterView } | undefined> {
  const { leaseMs, seenGeneration, seenBarrier, clock, offsetMs } = renewal;
  const clocks = [clock.clockMs, offsetMs, clock.stepMs, clock.steppedMs].map((ms) => (ms === undefined ? null : Math.round(ms)));
  const { rows } = await client.query<ViewRow & { accepted: boolean }>(RENEW, [name, token, leaseMs, seenGeneration, seenBarrier, ...clocks]);
  return rows[0] && { isClockAccepted: rows[0].accepted, view: viewOf(rows) };
}

/** Reads the cluster, as a renewal does. */
export async function readCluster(client: pg.Client): Promise<ClusterView> {
  return viewOf((await client.query<ViewRow>(`SELECT ${VIEW} ON n.token <> 0 ORDER BY n.name`)).rows);
}

/** Runs `fn` in a transaction in which nobody else takes a row of a node or takes one away; `fn` gets all rows, also of those that hold theirs no more. */
export async function inClusterLock<T>(client: pg.Client, fn: (view: ClusterView) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT FROM cluster FOR UPDATE');
    const value = await fn(viewOf((await client.query<ViewRow>(`SELECT ${VIEW} ON true`)).rows));
    await client.query('COMMIT');
    return value;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** The members are about to change. In a cluster lock. @param dropsCaches all nodes must drop what they have read */
export async function nextGeneration(client: pg.Client, dropsCaches = false): Promise<void> {
  await client.query(nextGenerationSql(dropsCaches));
}

/** Says where a node accepts links. In a cluster lock. */
export async function writeLinkAddress(client: pg.Client, { name, token }: Incarnation, address: string): Promise<void> {
  await client.query('UPDATE nodes SET link_address = $3 WHERE name = $1 AND token = $2', [name, token, address]);
}

/** Changes what a node is. @returns false if the process does not hold its row any more */
export async function changeState(client: pg.Client, { name, token }: Incarnation, state: NodeState): Promise<boolean> {
  const { rowCount } = await client.query('UPDATE nodes SET state = $3 WHERE name = $1 AND token = $2', [name, token, state]);
  return rowCount === 1;
}

/** Adds 1 to the barrier. @returns the new one */
export async function raiseClusterBarrier(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ barrier: number }>('UPDATE cluster SET barrier = barrier + 1 RETURNING barrier');
  return rows[0]!.barrier;
}

/** Who takes a row. */
export interface Taker {
  name: string;
  host: string;
  /** Whether it belongs to a cluster. */
  joins: boolean;
  leaseMs: number;
  /** What was known last about the clock of a server. */
  clock: ClockRecord;
}

/** Takes the row of a name for this process, from whichever process had it. In a cluster lock. */
export async function takeNode(client: pg.Client, { name, host, joins, leaseMs, clock }: Taker): Promise<Incarnation> {
  const { rows } = await client.query<{ last_token: bigint }>('UPDATE cluster SET last_token = last_token + 1 RETURNING last_token');
  const token = rows[0]!.last_token;
  const clocks = [clock.clockMs, clock.stepMs, clock.steppedMs].map((ms) => (ms === undefined ? null : Math.round(ms)));
  const values = [name, host, process.pid, joins ? 'joining' : 'alone', token, leaseMs, ...clocks, clock.isAccepted];
  await client.query(TAKE, values);
  return { name, token };
}

/**
 * Takes its row from a process. In a cluster lock.
 * @param untilMs only if its lease still ends then
 * @returns whether the process held it
 */
export async function takeAwayNode(client: pg.Client, { name, token }: Incarnation, state: 'left' | 'lost', untilMs?: bigint): Promise<boolean> {
  return (await client.query(TAKE_AWAY, [name, token, state, untilMs ?? null])).rowCount === 1;
}

/** Ends the connections of a process, so that nobody waits for its open transactions. */
export async function endBackends(client: pg.Client, lost: Incarnation): Promise<void> {
  await client.query(END_BACKENDS, [applicationNameOf(lost)]);
}

/**
 * Makes sure that a process that holds its row no more commits nothing more: each of its transactions writes the mark of its connection first,
 * so an open one is waited for, and a later one finds no mark and can make none. In a cluster lock, after the row was taken.
 */
export async function fenceNode(client: pg.Client, { name, token }: Incarnation): Promise<void> {
  await client.query('DELETE FROM commit_marks WHERE node = $1 AND token = $2', [name, token]);
}

/** Takes its row from a node whose lease has run out, and begins a generation without it. In a cluster lock. @returns false if it was renewed after all */
export async function expelNode(client: pg.Client, lost: NodeRow): Promise<boolean> {
  if (!(await takeAwayNode(client, lost, 'lost', lost.until_ms))) return false;
  await endBackends(client, lost);
  await fenceNode(client, lost);
  await nextGeneration(client, true);
  return true;
}

/** Gives the row of a process up, and begins a generation without it. In a cluster lock. */
export async function giveUpNode(client: pg.Client, self: Incarnation): Promise<void> {
  if (!(await takeAwayNode(client, self, 'left'))) return;
  await fenceNode(client, self);
  await nextGeneration(client);
}

/** Finds the process that holds a row; of several, the one that has renewed it last. */
export async function findHolder(client: pg.Client): Promise<Pick<NodeRow, 'name' | 'host' | 'pid'> | undefined> {
  const { rows } = await client.query<NodeRow>('SELECT name, host, pid FROM nodes WHERE token <> 0 ORDER BY until_ms DESC LIMIT 1');
  return rows[0];
}

/** Forgets all nodes but one. */
export async function forgetOthers(client: pg.Client, name: string): Promise<void> {
  await client.query('DELETE FROM nodes WHERE name <> $1', [name]);
}

/** Records that the operator confirmed the clock of the servers; they read this within seconds. */
export async function doAcceptClock(db: Database): Promise<void> {
  await db.transact('accept-clock', async (tx) => {
    await tx.q.updateTable('nodes').set({ clock_accepted: true }).execute();
  });
}
