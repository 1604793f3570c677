import { BOUNDS, type Ratio, ratioTo } from '../bounds.ts';
import { describeFloor, describeTransfer, FILE_TRANSFERS, FileFloorBench, type FileTransfer, measureBare } from '../file-floor.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { mergeRuns, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';
import { FilesBesideFiles, MessagesBesideFiles } from './file-neighbours.ts';

/** Accounts that load parts from anywhere; the other transfers are of one account. */
const ACCOUNTS = 16;
const FILE_MIB = 8;
const KINDS = ['download', 'upload', 'small'] as const;

const cpuOf = ({ cpuUs }: Row): number => cpuUs?.server ?? 0;

/** The ratios by which a transfer is judged. @param bareUs CPU µs of what storing a MiB needs besides the wire */
function judgeTransfer(kind: FileTransfer, row: Row, floor: Row, bareUs: number): Ratio[] {
  switch (kind) {
    case 'download':
      return [ratioTo(BOUNDS.downloadRate, row.rate!, floor.rate!), ratioTo(BOUNDS.downloadCpu, cpuOf(row), cpuOf(floor))];
    case 'upload':
      return [ratioTo(BOUNDS.uploadCpu, cpuOf(row), cpuOf(floor) + bareUs)];
    case 'small':
      return [ratioTo(BOUNDS.smallPartCpu, cpuOf(row), cpuOf(floor))];
  }
}

/** Transfers of files over the whole server and without files in turns, and what others notice of transfers. */
export async function benchFiles({ seconds, profileDir, pairs }: BenchOptions): Promise<Row[]> {
  await using floor = await FileFloorBench.start();
  return await withServer({ profileDir }, async (bench) => {
    await bench.generator.run({ do: 'prepare-files', server: bench.server.info, from: 0, accounts: ACCOUNTS, mib: FILE_MIB });
    const rows = await measureBesideFloor(bench, floor, { seconds, turns: pairs });
    const rateOf = (kind: FileTransfer): number => rows.find(({ name }) => name === describeFloor(kind))!.rate!;
    const rates = { download: rateOf('download'), upload: rateOf('upload') };
    await using messages = new MessagesBesideFiles(bench);
    await using files = new FilesBesideFiles(bench);
    await messages.prepare();
    await files.prepare();
    const turns: Row[][] = [];
    for (let turn = 0; turn < pairs; turn++) turns.push([...await messages.measure(seconds * 1000, rates), ...await files.measure(seconds * 1000)]);
    return [...rows, ...mergeRuns(turns)];
  });
}

/** The same transfers over the server and the floor, in turns. */
async function measureBesideFloor(bench: ServerBench, floor: FileFloorBench, { seconds, turns }: { seconds: number; turns: number }): Promise<Row[]> {
  for (const kind of KINDS) await measureFiles(bench, kind, 0.5);
  const runs: Row[][] = [];
  for (let turn = 0; turn < turns; turn++) {
    const bareUs = measureBare();
    const rows: Row[] = [{ name: 'a MiB hashed by SHA-256 and encrypted by AES-256-CTR', cpuUs: { server: bareUs } }];
    for (const kind of KINDS) {
      const without = await floor.measure(kind, seconds);
      const row = await measureFiles(bench, kind, seconds);
      rows.push(without, { ...row, ratios: judgeTransfer(kind, row, without, bareUs) });
    }
    runs.push(rows);
  }
  return mergeRuns(runs);
}

async function measureFiles(bench: ServerBench, kind: FileTransfer, seconds: number): Promise<Row> {
  const isRandom = kind === 'small';
  const transfer = { ...FILE_TRANSFERS[kind], ms: seconds * 1000, isRandom };
  const name = `  ${describeTransfer(kind)}, of ${isRandom ? `${ACCOUNTS} accounts, from anywhere in their files` : 'one account'}`;
  return (await measure(bench, name, 'MiB', { do: 'transfer-files', server: bench.server.info, transfers: [transfer], accounts: isRandom ? ACCOUNTS : 1 })).row;
}
