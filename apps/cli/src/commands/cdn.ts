import { setTimeout as delay } from 'node:timers/promises';
import { MasterKeys } from '@aerogram/blob';
import { readNodeDirectory } from '@aerogram/cdn';
import { ALIVE_S, type HeldContent, PushClient } from '@aerogram/cdn-origin';
import { type CdnNodeChange, type CdnNodeRow, doAddCdnNode, doRemoveCdnNode, findCdnNode, listCdnNodes, noteOperator } from '@aerogram/domain';
import { masterKeySource } from '@aerogram/node';
import { formatEndpoint, readServerFile, systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { isProcessAlive, withDatabase } from '../open-database.ts';
import { type CliOptions, findDate, formatDate } from '../options.ts';
import type { Output } from '../output.ts';
import { formatBytes } from '../progress.ts';

/** What an operator says about a node, besides what its directory says. */
export interface CdnNodeChoice {
  region: string;
  clientHost?: string;
  clientPort?: number;
  pushHost?: string;
  pushPort?: number;
}

/** How long a command waits for the running server, in milliseconds. */
const KNOWN_MS = 10_000;

const ASK_EVERY_MS = 50;

/** `aerogram cdn add`: makes the server know a node. While the server runs, the command ends when the server has spoken to the node. */
export function addCdnNode(options: CliOptions, directory: string, choice: CdnNodeChoice): Promise<Output> {
  return withDatabase(options, async (db) => {
    const { file, secret } = await readNodeDirectory(directory);
    const keys = await MasterKeys.open(masterKeySource(options.config, systemRandom), systemRandom);
    const node = {
      id: file.id,
      client: { host: choice.clientHost ?? file.client.host, port: choice.clientPort ?? file.client.port },
      push: { host: choice.pushHost ?? file.push.host, port: choice.pushPort ?? file.push.port },
      publicKey: file.public_key,
      region: choice.region,
    };
    const change = await doAddCdnNode({ db, keys, clock: systemClock, note: (tx) => noteOperator(tx, `add the CDN node ${node.id}`, systemClock.now()) }, node, secret);
    const seen = await waitForServer(options, db, change, ({ heard_date: heard, fault }) => heard !== null || fault !== null);
    const state = typeof seen === 'string' ? SERVER_STATES[seen] : `state      ${describeState(seen)}`;
    const value = { dc_id: change.dc_id, id: node.id, server: typeof seen === 'string' ? seen : 'knows', node: typeof seen === 'string' ? null : projectNode(seen) };
    return { value, lines: [`added      DC ${change.dc_id}, ${node.id}`, state] };
  });
}

/** `aerogram cdn remove`: makes the server forget a node. @param name id of the node, or its DC id */
export function removeCdnNode(options: CliOptions, name: string): Promise<Output> {
  return withDatabase(options, async (db) => {
    const row = (await listCdnNodes(db)).find(({ node_id: id, dc_id: dc }) => id === name.toLowerCase() || String(dc) === name);
    const change = row && (await doRemoveCdnNode({ db, clock: systemClock, note: (tx) => noteOperator(tx, `remove the CDN node ${row.node_id}`, systemClock.now()) }, row.node_id));
    if (row === undefined || change === undefined) throw new Error(`there is no CDN node ${name}`);
    const seen = await waitForServer(options, db, change, () => true);
    const lines = [`removed    DC ${row.dc_id}, ${row.node_id}: it stops serving within 45 seconds`, ...(typeof seen === 'string' ? [SERVER_STATES[seen]] : [])];
    return { value: { dc_id: row.dc_id, id: row.node_id, server: typeof seen === 'string' ? seen : 'knows' }, lines };
  });
}

/** Why it is not known what the server made of a change. */
type Unseen = 'not running' | 'silent';

const SERVER_STATES: Record<Unseen, string> = {
  'not running': 'server     not running: it reads this when it starts',
  silent: 'server     has not read this or not asked the node yet, although it runs; it does so within seconds once the database answers it',
};

/**
 * Waits until the running server knows a change, and has spoken to the node.
 * @returns the row of the node, if the server runs and answers
 */
async function waitForServer({ config }: CliOptions, db: Database, change: CdnNodeChange, isTold: (row: CdnNodeRow) => boolean): Promise<CdnNodeRow | Unseen> {
  const file = readServerFile(config.dataDir);
  if (!file || !isProcessAlive(file.pid)) return 'not running';
  const deadlineMs = systemClock.monotonicMs() + KNOWN_MS;
  while (systemClock.monotonicMs() < deadlineMs) {
    const row = await findCdnNode(db, change.dc_id);
    if (row !== undefined && row.known_revision >= change.revision && isTold(row)) return row;
    // The server is another process, which says by the database that it has read this.
    await delay(ASK_EVERY_MS);
  }
  return 'silent';
}

const isAlive = ({ heard_date: heard }: CdnNodeRow): boolean => heard !== null && systemClock.now() - heard <= ALIVE_S;

function describeState(row: CdnNodeRow): string {
  const heard = row.heard_date === null ? 'never heard' : `last heard ${formatDate(row.heard_date)}`;
  const state = isAlive(row) ? 'alive' : 'away';
  if (row.fault === null) return `${state}, ${heard}`;
  return `${state}, ${heard}; since ${formatDate(row.failing_date ?? row.added_date)}: ${row.fault}`;
}

function describeNode(row: CdnNodeRow): string {
  const region = row.region === '' ? '' : `, region ${row.region}`;
  return `DC ${row.dc_id}, ${row.node_id}${region}, secret ${row.secret_version}: ${describeState(row)}`;
}

/** What `aerogram status` says about the nodes. */
export async function describeCdn(db: Database): Promise<Output> {
  const rows = await listCdnNodes(db);
  return { value: rows.map(projectNode), lines: rows.map((row) => `cdn        ${describeNode(row)}`) };
}

/** A node, and what it says about its content; undefined if it does not answer now. */
interface AskedNode {
  row: CdnNodeRow;
  content: HeldContent | undefined;
}

/** Asks all nodes at once, so that those that are away cost the time of one. */
async function askNodes(rows: readonly CdnNodeRow[]): Promise<AskedNode[]> {
  using client = new PushClient({ clock: systemClock, random: systemRandom });
  return await Promise.all(rows.map(async (row) => ({ row, content: await client.findContent({ id: row.node_id, push: { host: row.push_host, port: row.push_port } }) })));
}

/** `aerogram cdn list`: the nodes, whether they answer, and how much content they have. */
export function listNodes(options: CliOptions): Promise<Output> {
  return withDatabase(options, async (db) => {
    const nodes = await askNodes(await listCdnNodes(db));
    return { value: nodes.map(projectAsked), lines: nodes.length === 0 ? ['there is no CDN node'] : nodes.map(describeListed) };
  });
}

function describeListed({ row, content }: AskedNode): string {
  const held = content === undefined ? '' : `; ${content.windows} windows in ${formatBytes(content.bytes)} of memory`;
  return `${describeNode(row)}; clients ${addressOf(row.client_host, row.client_port)}, server ${addressOf(row.push_host, row.push_port)}${held}`;
}

const addressOf = (host: string, port: number): string => formatEndpoint({ host, port });

/** What programs see of a node. Nothing in it is secret. */
function projectNode(row: CdnNodeRow): object {
  return {
    dc_id: row.dc_id,
    id: row.node_id,
    region: row.region,
    client: { host: row.client_host, port: row.client_port },
    push: { host: row.push_host, port: row.push_port },
    public_key: { pem: row.public_key, fingerprint: row.fingerprint },
    secret_version: row.secret_version,
    alive: isAlive(row),
    added_date: formatDate(row.added_date),
    heard_date: findDate(row.heard_date),
    failing_date: findDate(row.failing_date),
    fault: row.fault,
  };
}

/** A node, and its content, which is null if the node does not answer. */
const projectAsked = ({ row, content }: AskedNode): object => ({ ...projectNode(row), content: content ?? null });
