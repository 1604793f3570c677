import { setTimeout as delay } from 'node:timers/promises';
import { MasterKeys } from '@aerogram/blob';
import { readNodeDirectory } from '@aerogram/cdn';
import { type CdnNodeChange, doAddCdnNode, findCdnNode } from '@aerogram/domain';
import { masterKeySource } from '@aerogram/node';
import { systemClock, systemRandom } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import { CdnNode } from './cdn-node.ts';

/** A running server to which nodes are added. */
export interface CdnServer {
  /** Its database. */
  readonly db: Database;
  /** Its data directory, which has the master key. */
  readonly dataDir: string;
}

export interface CdnNodesOptions {
  /** Regions of the nodes, in their order; by default they have none. */
  regions?: readonly string[];
  /** Arguments of `aerogram cdn serve`, such as `--memory 64MB`. */
  args?: readonly string[];
}

/** Nodes that the server knows and that have answered it. */
export interface StartedCdnNodes extends AsyncDisposable {
  readonly nodes: readonly CdnNode[];
  /** DC ids of these nodes, in the same order. */
  readonly dcs: readonly number[];
}

const KNOWN_MS = 20_000;

/**
 * Adds a node to a running server.
 * @returns when the server has spoken to it
 * @throws Error when it has not done so in time, or the node does not answer as it should
 */
export async function addCdnNode({ db, dataDir }: CdnServer, node: CdnNode, region = ''): Promise<CdnNodeChange> {
  const { file, secret } = await readNodeDirectory(node.dataDir);
  const keys = await MasterKeys.open(masterKeySource({ dataDir, masterKeys: undefined, masterKeysCommand: undefined }, systemRandom), systemRandom);
  const change = await doAddCdnNode({ db, keys, clock: systemClock }, { id: file.id, client: file.client, push: file.push, publicKey: file.public_key, region }, secret);
  const deadlineMs = performance.now() + KNOWN_MS;
  for (;;) {
    const row = await findCdnNode(db, change.dc_id);
    if (row !== undefined && row.known_revision >= change.revision && row.heard_date !== null) return change;
    if (performance.now() > deadlineMs) throw new Error(`the server does not speak to the CDN node: ${row?.fault ?? 'it has not read of it'}`);
    // The server may be another process, which says by the database that it has heard the node.
    await delay(20);
  }
}

/** Starts CDN nodes in processes of their own and adds them to a running server. Disposing stops them; the server keeps knowing them. */
export async function startCdnNodes(server: CdnServer, count: number, { regions = [], args = [] }: CdnNodesOptions = {}): Promise<StartedCdnNodes> {
  const nodes: CdnNode[] = [];
  const dcs: number[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]())));
  try {
    for (let index = 0; index < count; index++) {
      const node = await CdnNode.start(...args);
      nodes.push(node);
      dcs.push((await addCdnNode(server, node, regions[index])).dc_id);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, dcs, [Symbol.asyncDispose]: stop };
}
