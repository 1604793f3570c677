import { BOUNDS, ratioTo } from '../bounds.ts';
import { readMemory } from '../cpu-time.ts';
import type { BenchOptions } from '../measure.ts';
import type { Row } from '../row.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const MIB = 1024 * 1024;
/** Accounts that each transfer a file at a time, half of them in each direction. */
const TRANSFERS = 16;
/** Length of the files with which long ones are compared. */
const SHORT_MIB = 20;
/** What the server may take beside its idle memory, in MiB, and for each transfer. */
const ROOM_MIB = 64;
const ROOM_EACH_MIB = 8;
const LOOK_EVERY_MS = 100;

/** The memory of the server while sixteen accounts transfer long files at once, and short ones one after the other. */
export async function benchFileMemory({ seconds, profileDir, fileMib }: BenchOptions): Promise<Row[]> {
  return withServer({ profileDir }, async (bench) => {
    const { generator, server } = bench;
    await generator.run({ do: 'sign-up-carriers', server: server.info, accounts: TRANSFERS });
    const idleMib = readMemory(server.info.pid) / MIB;
    const short = await measureMemory(bench, Math.min(SHORT_MIB, fileMib / 2), seconds * 1000);
    const long = await measureMemory(bench, fileMib, 0);
    const most = long.figures!['MiB at most']!;
    long.ratios = [ratioTo(BOUNDS.filesMemory, most - idleMib, ROOM_MIB + TRANSFERS * ROOM_EACH_MIB), ratioTo(BOUNDS.fileSizeMemory, most, short.figures!['MiB at most']!)];
    return [{ name: 'before any file', figures: { 'MiB at most': idleMib } }, short, long];
  });
}

async function measureMemory({ generator, server }: ServerBench, mib: number, ms: number): Promise<Row> {
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, readMemory(server.info.pid))), LOOK_EVERY_MS);
  try {
    const { operations, elapsedMs } = await generator.run({ do: 'transfer-whole', server: server.info, mib, ms });
    return { name: `${TRANSFERS} accounts, half of them up, half of them down: files of ${mib} MiB`, unit: 'MiB', rate: (operations * 1000) / elapsedMs, figures: { 'MiB at most': most / MIB } };
  } finally {
    clearInterval(watch);
  }
}
