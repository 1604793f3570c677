import { OperatorError } from '@aerogram/runtime';
import type pg from 'pg';
import type { Incarnation } from '../database/commit-mark.ts';
import { writeLinkAddress } from './node-store.ts';

/** What a node tells of its program, its keys and its settings. */
export interface NodeFacts {
  /** Schema version that the program was written for. */
  schema: number;
  /** How many names of the dictionary of hints the program knows. */
  hintNames: number;
  /** Fingerprints of the RSA keys, in hexadecimal, sorted. */
  rsaKeys: readonly string[];
  /** Ids of the master keys of files; the first one wraps new keys. */
  masterKeys: readonly string[];
  /** Of the public half of the cluster's key. */
  clusterKey: string;
  /** Hashes of the settings that must be equal on all nodes, by variable. It has each such setting that this program knows; another version may know others. */
  settings: Readonly<Record<string, string>>;
  /** Which cluster of data centres it belongs to: of the certificate of its authority; null if to none. Absent: its program does not tell it. */
  homeAuthority?: string | null;
  /** SHA-256 of the line that the node has written into the directory of files, in hexadecimal; null if the files are in S3. */
  filesMark: string | null;
}

/** What another node has told. */
export interface OtherNode {
  name: string;
  host: string;
  facts: NodeFacts;
}

/** What a node tells the others when it joins. */
export interface Introduction {
  facts: NodeFacts;
  /** Where it accepts links (host:port). */
  linkAddress: string;
}

/**
 * Tells the others about a node. In a cluster lock.
 * @param check rejects what one of the others has told
 * @throws OperatorError when the schema has lost what its program uses; what `check` throws
 */
export async function introduceNode(client: pg.Client, self: Incarnation, { facts, linkAddress }: Introduction, check: (others: OtherNode[]) => Promise<void>): Promise<void> {
  if ((await findOldestProgram(client)) > facts.schema) throw new OperatorError('the schema was brought up to date meanwhile, and this program is too old for it');
  await check(await listNodeFacts(client, self.name));
  await writeNodeFacts(client, self, facts);
  await writeLinkAddress(client, self, linkAddress);
}

/** The lowest schema version of a program that may serve. The schema is not brought up to date before the transaction ends. */
async function findOldestProgram(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ key: string; value: string }>(`SELECT key, value FROM meta WHERE key IN ('schema_version', 'oldest_program') FOR SHARE`);
  return Number(rows.find(({ key }) => key === 'oldest_program')?.value ?? 0);
}

/** Reads what the other nodes have told that hold their rows. */
async function listNodeFacts(client: pg.Client, self: string): Promise<OtherNode[]> {
  const { rows } = await client.query<OtherNode>('SELECT n.name, n.host, f.facts FROM nodes n JOIN node_facts f USING (name, token) WHERE n.name <> $1 ORDER BY n.name', [self]);
  return rows;
}

/** Tells the facts of a node. In a cluster lock. */
async function writeNodeFacts(client: pg.Client, { name, token }: Incarnation, facts: NodeFacts): Promise<void> {
  const write = 'INSERT INTO node_facts (name, token, facts) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET token = excluded.token, facts = excluded.facts';
  await client.query(write, [name, token, JSON.stringify(facts)]);
}
