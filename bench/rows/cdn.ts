import { randomBytes } from 'node:crypto';
import { writeFileToken } from '@aerogram/cdn-protocol';
import { CdnNode } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import { FILE_TRANSFERS, FileFloorBench } from '../file-floor.ts';
import type { CdnLoad } from '../load/cdn-load.ts';
import { partOf } from '../load/file-load.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { type BenchOptions, measure } from '../measure.ts';
import { mergeRuns, type Row } from '../row.ts';
import { benchCdnOrigin } from './cdn-origin.ts';
import { profileArguments } from '../server-bench.ts';

const MIB = 1024 * 1024;
const NODE_MEMORY = '256MB';
const NODE_MEMORY_BYTES = 256_000_000;
/** A file that fits a node. */
const FILE_MIB = 16;
/** What a node may take beside its setting. */
const ROOM_MIB = 64;
/** How much content is pushed to a node that holds one tenth of it at most. */
const TIMES_CONTENT = 10;
const LOOK_EVERY_MS = 50;
/** How long each file is loaded while the next one is pushed. */
const LOADED_MS = 200;

/** A node in a process of its own, its files, and the clients that load them. */
class NodeBench implements AsyncDisposable {
  readonly node: CdnNode;
  readonly #generator = new GeneratorProcess();

  private constructor(node: CdnNode) {
    this.node = node;
  }

  static async start(options: Pick<BenchOptions, 'profileDir'>): Promise<NodeBench> {
    return new NodeBench(await CdnNode.startWith(profileArguments(options), '--memory', NODE_MEMORY));
  }

  /** Fills a node with a file. */
  async push(file: number, mib: number): Promise<CdnLoad> {
    const { node } = this;
    const fileId = randomBytes(16);
    await node.tellAlive();
    const size = mib * MIB;
    for (let window = 0; window < mib; window++) {
      const { status } = await node.pushWindow(fileId, window, size, Buffer.concat([partOf(file, 2 * window), partOf(file, 2 * window + 1)]));
      if (status !== 200) throw new Error(`the node answers a window with ${status}`);
    }
    const token = writeFileToken(node.keys.token, { fileId, size, expires_date: Math.floor(Date.now() / 1000) + 3000, sealed: randomBytes(64) });
    return { node: node.info.client, publicKeyPem: node.info.public_key.pem, token: Buffer.from(token).toString('hex'), file, bytes: size };
  }

  /** Loads a file again and again, as fast as it goes. */
  async load(load: CdnLoad, ms: number): Promise<Row> {
    const bench = { generator: this.#generator, pids: { server: this.node.pid, postgres: undefined, generator: this.#generator.pid } };
    const { connections, window } = FILE_TRANSFERS.download;
    const name = `a CDN node, one client, ${connections} connections, ${window} on the way each: parts of 512 KiB out`;
    return (await measure(bench, name, 'MiB', { do: 'transfer-from-node', load, transfer: { ...FILE_TRANSFERS.download, ms } })).row;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#generator[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
  }
}

/** A CDN node beside the floor of transfers, and its memory; and the server whose files it gives out. */
export async function benchCdn(options: BenchOptions): Promise<Row[]> {
  return [...(await benchNode(options)), ...(await benchCdnOrigin(options))];
}

async function benchNode({ seconds, pairs, profileDir }: BenchOptions): Promise<Row[]> {
  await using bench = await NodeBench.start({ profileDir });
  const beside = await measureBesideFloor(bench, seconds, pairs);
  return [...beside, await measureFull(bench)];
}

async function measureBesideFloor(bench: NodeBench, seconds: number, turns: number): Promise<Row[]> {
  await using floor = await FileFloorBench.start();
  const load = await bench.push(1, FILE_MIB);
  await bench.load(load, 500);
  const runs: Row[][] = [];
  for (let turn = 0; turn < turns; turn++) {
    const without = await floor.measure('download', seconds);
    await bench.node.tellAlive();
    const row = await bench.load(load, seconds * 1000);
    runs.push([without, { ...row, ratios: [ratioTo(BOUNDS.cdnCpu, row.cpuUs!.server!, without.cpuUs!.server!)] }]);
  }
  return mergeRuns(runs);
}

/** The memory of a node while ten times as much content as its setting is pushed to it, and clients load what is there. */
async function measureFull(bench: NodeBench): Promise<Row> {
  const { pid } = bench.node;
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, readMemory(pid))), LOOK_EVERY_MS);
  const started = performance.now();
  let pushed = 0;
  try {
    let latest = await bench.push(2, FILE_MIB);
    for (pushed = FILE_MIB; pushed < (TIMES_CONTENT * NODE_MEMORY_BYTES) / MIB; pushed += FILE_MIB) {
      [latest] = await Promise.all([bench.push(pushed, FILE_MIB), bench.load(latest, LOADED_MS)]);
    }
  } finally {
    clearInterval(watch);
  }
  return {
    name: `a CDN node with ${NODE_MEMORY}: ${TIMES_CONTENT} times as much pushed, and loaded`,
    unit: 'MiB', rate: (pushed * 1000) / (performance.now() - started),
    figures: { 'MiB at most': most / MIB },
    ratios: [ratioTo(BOUNDS.cdnMemory, most / MIB, NODE_MEMORY_BYTES / MIB + ROOM_MIB)],
  };
}
