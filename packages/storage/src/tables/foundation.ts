import type { Generated } from 'kysely';

interface MetaTable {
  key: string;
  value: string;
}

interface CountersTable {
  owner_id: bigint;
  pts: Generated<number>;
  qts: Generated<number>;
  /** Migration 0011. */
  loose_seq: Generated<number>;
  next_msg_id: Generated<number>;
  epoch: number;
}

interface UpdateLogTable {
  owner_id: bigint;
  pts: number;
  sub: Generated<number>;
  pts_count: number;
  kind: number;
  payload: Uint8Array;
  date: number;
  /** Migration 0011; 0 for updates with pts. */
  loose_seq: Generated<number>;
  /** Migration 0095; 0 for updates without qts. */
  qts: Generated<number>;
}

interface SendKeysTable {
  owner_id: bigint;
  random_id: bigint;
  global_id: bigint;
  peer_id: bigint;
  msg_id: number;
  pts: number;
  pts_count: number;
  date: number;
  /** When the message was found to be deleted; the key is kept for some time after that (migration 0006). */
  gone_date: number | null;
}

interface JobsTable {
  bucket: number;
  run_ms: bigint;
  job_id: bigint;
  owner_id: bigint;
  kind: string;
  payload: Uint8Array;
  attempts: Generated<number>;
  created_date: number;
  error: string | null;
}

interface DeadJobsTable {
  job_id: bigint;
  owner_id: bigint;
  kind: string;
  payload: Uint8Array;
  attempts: number;
  created_date: number;
  dead_date: number;
  error: string;
}

interface LeasesTable {
  queue: string;
  bucket: number;
  holder: string;
  /** Migration 0119; 0 when nobody holds it. */
  holder_token: Generated<bigint>;
  token: bigint;
  until_ms: Generated<bigint>;
}

interface CommitMarksTable {
  slot: bigint;
  mark: bigint;
  date: number;
  /** Migration 0113; null without a node. */
  node: string | null;
  token: bigint | null;
}

interface NodesTable {
  name: string;
  host: string;
  pid: number;
  state: string;
  token: bigint;
  until_ms: bigint;
  served: Generated<boolean>;
  seen_generation: Generated<number>;
  seen_barrier: Generated<number>;
  link_address: Generated<string>;
  /** This and `version` are empty: no program writes them. They can go when no program before that is left. */
  http_address: Generated<string>;
  version: Generated<string>;
  clock_ms: bigint;
  offset_ms: Generated<bigint>;
  step_ms: bigint | null;
  stepped_ms: bigint | null;
  clock_accepted: Generated<boolean>;
}

interface ClusterTable {
  /** Always 0. */
  slot: number;
  generation: number;
  barrier: number;
  last_token: bigint;
  /** Migration 0120. */
  timeline: Generated<string>;
  synchronous: Generated<boolean>;
  epoch_timeline: Generated<string>;
}

interface NodeFactsTable {
  name: string;
  token: bigint;
  facts: unknown;
}

/** Rows of the tables in migrations/0001-foundation.ts, 0117-nodes.ts and 0118-node-facts.ts, by table name. */
export interface FoundationTables {
  meta: MetaTable;
  counters: CountersTable;
  update_log: UpdateLogTable;
  send_keys: SendKeysTable;
  jobs: JobsTable;
  dead_jobs: DeadJobsTable;
  leases: LeasesTable;
  commit_marks: CommitMarksTable;
  nodes: NodesTable;
  cluster: ClusterTable;
  node_facts: NodeFactsTable;
}
