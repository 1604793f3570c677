import { sql } from 'kysely';
import type { Database } from '../database/open-database.ts';
import type { Tx } from '../database/transaction.ts';
import { nextGenerationSql, type NodeState } from './node-store.ts';
import { DATABASE_MS } from './serving-state.ts';

/** A node as operators see it. */
export interface ListedNode {
  name: string;
  host: string;
  pid: number;
  state: NodeState;
  /** Holds its row: it runs, or was killed some seconds ago. */
  isHeld: boolean;
  /** How long ago its lease ended, in milliseconds; negative while it runs. */
  overdueMs: number;
  /** Has yet to notice the newest change of the members. */
  isBehind: boolean;
  /** Where it accepts links; empty for a server that is alone. */
  linkAddress: string;
  /** Schema version of its program; null if it has not told. */
  schema: number | null;
}

/** Lists the rows of nodes, also of those that ended, by name. */
export async function listNodes({ q }: Pick<Database, 'q'>): Promise<ListedNode[]> {
  const { rows } = await sql<Omit<ListedNode, 'overdueMs'> & { overdueMs: bigint }>`
    SELECT n.name, n.host, n.pid, n.state, n.token <> 0 AS "isHeld", ${sql.raw(DATABASE_MS)} - n.until_ms AS "overdueMs",
           n.served AND n.seen_generation < c.generation AS "isBehind", n.link_address AS "linkAddress", (f.facts->>'schema')::integer AS schema
      FROM nodes n CROSS JOIN cluster c LEFT JOIN node_facts f USING (name, token) ORDER BY n.name`.execute(q);
  return rows.map((row) => ({ ...row, overdueMs: Number(row.overdueMs) }));
}

/** Locks the row of the cluster, so that nobody takes a row of a node or takes one away before the transaction ends. */
const lockCluster = async (tx: Tx): Promise<void> => void (await tx.q.selectFrom('cluster').select('slot').forUpdate().executeTakeFirst());

/** Why a node is not drained: it does not serve, or nobody would be left who does. */
export type NotDrained = 'not serving' | 'last';

/** Begins a generation without a node that serves; it sees that, and ends when others have its keys. @returns why it is not done; undefined if it is */
export function doDrainNode(db: Pick<Database, 'transact'>, name: string): Promise<NotDrained | undefined> {
  return db.transact('drain-node', async (tx) => {
    await lockCluster(tx);
    const serving = await tx.q.selectFrom('nodes').select('name').where('state', '=', 'serving').execute();
    if (!serving.some((node) => node.name === name)) return 'not serving';
    if (serving.length === 1) return 'last';
    await sql.raw(nextGenerationSql(false)).execute(tx.q);
    await tx.q.updateTable('nodes').set({ state: 'draining' }).where('name', '=', name).execute();
    return undefined;
  });
}

/** Deletes the row of a node that ended. @returns false if there is none, or a process still holds it */
export function doRemoveNode(db: Pick<Database, 'transact'>, name: string): Promise<boolean> {
  return db.transact('remove-node', async (tx) => {
    await lockCluster(tx);
    const { numDeletedRows } = await tx.q.deleteFrom('nodes').where('name', '=', name).where('token', '=', 0n).executeTakeFirst();
    return numDeletedRows === 1n;
  });
}
