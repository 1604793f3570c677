import { BOUNDS, type Ratio, ratioTo } from '../bounds.ts';
import { describeTransfer, FILE_TRANSFERS, FileFloorBench, type FileTransfer, measureBare } from '../file-floor.ts';
import { measure, type BenchOptions } from '../measure.ts';
import { mergeRuns, type Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

/** Accounts that load parts from anywhere; the other transfers are of one account. */
const ACCOUNTS = 16;
const FILE_MIB = 8;

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

/** Transfers of files over the whole server and without files, in turns. */
export async function benchFiles({ seconds, profileDir, pairs }: BenchOptions): Promise<Row[]> {
  await using floor = await FileFloorBench.start();
  return await withServer({ profileDir }, async (bench) => {
    await bench.generator.run({ do: 'prepare-files', server: bench.server.info, from: 0, accounts: ACCOUNTS, mib: FILE_MIB });
    const turns: Row[][] = [];
    const kinds = ['download', 'upload', 'small'] as const;
    for (const kind of kinds) await measureFiles(bench, kind, 0.5);
    for (let turn = 0; turn < pairs; turn++) {
      const bareUs = measureBare();
      const rows: Row[] = [{ name: 'a MiB hashed by SHA-256 and encrypted by AES-256-CTR', cpuUs: { server: bareUs } }];
      for (const kind of kinds) {
        const without = await floor.measure(kind, seconds);
        const row = await measureFiles(bench, kind, seconds);
        rows.push(without, { ...row, ratios: judgeTransfer(kind, row, without, bareUs) });
      }
      turns.push(rows);
    }
    return mergeRuns(turns);
  });
}

async function measureFiles(bench: ServerBench, kind: FileTransfer, seconds: number): Promise<Row> {
  const isRandom = kind === 'small';
  const transfer = { ...FILE_TRANSFERS[kind], ms: seconds * 1000, isRandom };
  const name = `  ${describeTransfer(kind)}, of ${isRandom ? `${ACCOUNTS} accounts, from anywhere in their files` : 'one account'}`;
  return (await measure(bench, name, 'MiB', { do: 'transfer-files', server: bench.server.info, transfer, accounts: isRandom ? ACCOUNTS : 1 })).row;
}
