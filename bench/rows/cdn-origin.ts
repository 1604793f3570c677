import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CdnNode, findRepositoryRoot, sumOfMetric } from '@aerogram/dev-env/load';
import { BOUNDS, ratioTo } from '../bounds.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { cpuOf, median, mergeRuns, quantiles, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

/** Each file is loaded by so many. A window is two parts, so less than a twentieth of all requests misses, also if some ask for the same part at the same time. */
const VIEWERS = 16;
const FILES = 2;
const FILE_MIB = 8;
/** Files whose first part is loaded. */
const COLD_FILES = 20;

/** The server of files that nodes give out, beside the same server without nodes, and how fast a file arrives that no node has. */
export async function benchCdnOrigin({ pairs, profileDir }: BenchOptions): Promise<Row[]> {
  await using node = await CdnNode.start('--memory', '256MB');
  return await withServer({ profileDir, env: { AEROGRAM_CDN_MIN_SUBSCRIBERS: '1' } }, async (bench) => {
    await addNode(node.dataDir, bench.server.dataDir);
    await bench.generator.run({ do: 'sign-up-viewers', server: bench.server.info, count: VIEWERS });
    const runs: Row[][] = [];
    for (let turn = 0; turn < pairs; turn++) runs.push([...(await measureOrigin(bench, node)), ...(await measureFirstParts(bench))]);
    return mergeRuns(runs);
  });
}

async function addNode(nodeDir: string, dataDir: string): Promise<void> {
  const child = spawn(process.execPath, [join(findRepositoryRoot(), 'dist', 'aerogram.js'), '--data-dir', dataDir, 'cdn', 'add', nodeDir], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('the node could not be added');
}

async function measureOrigin(bench: ServerBench, node: CdnNode): Promise<Row[]> {
  await bench.generator.run({ do: 'post-files', count: FILES, mib: FILE_MIB });
  const name = `${VIEWERS} clients load ${FILES} files of ${FILE_MIB} MiB each`;
  const { row: without } = await measure(bench, `${name} from the server`, 'MiB', { do: 'view-files', mib: FILE_MIB, isByNodes: false });
  const before = await countParts(node);
  const { row } = await measure(bench, `${name} from a node, which has nothing of them before`, 'MiB', { do: 'view-files', mib: FILE_MIB, isByNodes: true });
  const after = await countParts(node);
  const [hits, misses] = [after.hits - before.hits, after.misses - before.misses];
  return [without, { ...row, figures: { '% hits': (100 * hits) / (hits + misses) }, ratios: [ratioTo(BOUNDS.cdnOriginCpu, cpuOf(row), cpuOf(without))] }];
}

async function countParts(node: CdnNode): Promise<{ hits: number; misses: number }> {
  const page = await node.get('/metrics');
  const count = (outcome: string): number => sumOfMetric(page, `aerogram_cdn_parts_total{outcome="${outcome}"}`);
  return { hits: count('hit'), misses: count('miss') };
}

async function measureFirstParts({ generator }: ServerBench): Promise<Row[]> {
  await generator.run({ do: 'post-files', count: COLD_FILES, mib: 2 });
  const { byName } = await generator.run({ do: 'first-parts' });
  const [own, push, whole] = ['own', 'push', 'whole'].map((name) => byName![name]!) as [number[], number[], number[]];
  return [
    { name: 'the first 512 KiB of a file, from the server', ...quantiles(own) },
    { name: 'the same from a node that does not have them, from the begin of the push', ...quantiles(push), ratios: [ratioTo(BOUNDS.cdnFirstPart, median(push), median(own))] },
    { name: 'the same with the redirect and the question to the node before', ...quantiles(whole), figures: { 'times as long as from the server': median(whole) / median(own) } },
  ];
}
