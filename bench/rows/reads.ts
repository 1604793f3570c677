import type { ReadName } from '../load/read-load.ts';
import { type BenchOptions, type Floor, measure } from '../measure.ts';
import { type Bound, BOUNDS, type Ratio, ratioTo } from '../bounds.ts';
import { quantiles, type Row } from '../row.ts';
import { seededDirectory, withServer } from '../server-bench.ts';

const CLIENTS = 16;
/** Calls per second of all clients: ten times what sixteen users would make. */
const PER_SECOND = 80;

const NAMES: [name: ReadName, words: (size: { bigBox: string; users: string }) => string][] = [
  ['getHistory', ({ bigBox }) => `getHistory: 50 from anywhere in a dialog with half of ${bigBox} messages`],
  ['getHistoryByDate', () => 'getHistory: 50 around a date there'],
  ['getDialogs', () => 'getDialogs: 100 of 200'],
  ['getDifference', () => 'getDifference: 1,000 behind, in two slices'],
  ['searchMessages', () => 'messages.search: a word in that dialog'],
  ['searchContacts', ({ users }) => `contacts.search among ${users} accounts, common and rare words`],
];

/** A row's p99 compared with the CPU time of a call of the floor, which shows how fast the machine is. */
function ratioToFloor(bound: Bound, { p99Ms = 0 }: Pick<Row, 'p99Ms'>, floor: Floor): Ratio {
  return ratioTo(bound, p99Ms * 1000, floor.callUs[1]);
}

/**
 * The most frequent reads, on a seeded database: 16 clients that make 80 calls per second together, and the same 16 clients calling again
 * as soon as they are answered, which shows the throughput of one process instead of the latency.
 */
export async function benchReads(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededDirectory(options);
  const floor = await options.floor();
  const size = { bigBox: plan.bigBox.toLocaleString('en-US'), users: plan.users.toLocaleString('en-US') };
  return withServer({ ...options, dataDir }, async (bench) => {
    const rows: Row[] = [];
    for (const [name, words] of NAMES) {
      const command = { do: 'read', server: bench.server.info, plan, name, clients: CLIENTS, ms: options.seconds * 1000 } as const;
      await bench.generator.run({ ...command, ms: 500 });
      const { row } = await measure(bench, words(size), 'calls', { ...command, perSecond: PER_SECOND });
      const { row: most } = await measure(bench, '  without a pause', 'calls', command);
      rows.push({ ...row, ratios: [ratioToFloor(BOUNDS.readP99, row, floor)] }, { ...most, name: `  the same without a pause (${name})` });
    }
    return rows;
  });
}

/** The answers of all reading methods of the first wave on an idle server, one call at a time. */
export async function benchAnswers(options: BenchOptions): Promise<Row[]> {
  const { dataDir, plan } = await seededDirectory(options);
  const floor = await options.floor();
  return withServer({ ...options, dataDir }, async (bench) => {
    const command = { do: 'read-everything', server: bench.server.info, plan, times: 100, ...(options.methods === undefined ? {} : { methods: options.methods }) } as const;
    await bench.generator.run({ ...command, times: 5 });
    const { row, outcome } = await measure(bench, 'reading methods of the first wave, one call at a time', 'calls', command);
    const methods = Object.entries(outcome.byName ?? {}).map(([name, samples]): Row => {
      const times = quantiles(samples);
      return { name: `  ${name}`, ...times, ratios: [ratioToFloor(BOUNDS.answerP99, times, floor)] };
    });
    const worst = methods.toSorted((a, b) => b.p99Ms! - a.p99Ms!);
    const note = `${methods.length} methods; the slowest ten follow`;
    return [{ ...row, note: row.note === undefined ? note : `${note}; ${row.note}`, ratios: [ratioToFloor(BOUNDS.answerP99, row, floor)] }, ...worst.slice(0, 10)];
  });
}
