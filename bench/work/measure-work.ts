import { median } from '../row.ts';
import type { ArrivalCounts } from './arrivals.ts';
import type { StatementCounts } from './count-statements.ts';
import type { Allocations, ServerCounts } from './orders.ts';
import { type Stage, TOGETHER } from './stage.ts';
import type { Prepared, WorkRow } from './work-row.ts';

/** What one call, or sixteen at once, took. */
export interface Work extends StatementCounts, ArrivalCounts, ServerCounts {
  walBytes: number;
  /** What one call allocates in V8's heap; of several, the share of one. */
  allocated?: number;
}

/** How often a call is counted, and how often it is made before that, so that statements are prepared and caches filled. */
const COUNTS = { alone: { warmUp: 2, counted: 5 }, together: { warmUp: 1, counted: 3 }, later: { warmUp: 1, counted: 3 } } as const;
/** How long the server's event loop is blocked while sixteen clients send, in milliseconds: it then reads all their packets in one turn. */
const FREEZE_MS = 40;

/** Calls before the first sample, so that V8 has compiled the code by then. */
const CALLS_BEFORE_SAMPLES = 1000;
/** Bytes allocated during each sampling run: enough that the median of three runs varies by less than 1 %. */
const SAMPLED_BYTES = 24 * 1024 * 1024;
const SAMPLES = 3;
/** After so many calls of one account the date moves on by a minute, so that no rate limit is reached. */
const CALLS_A_MINUTE = 10;

/** Counts the work of a row. @param together sixteen at once, instead of one */
export async function countWork(stage: Stage, row: WorkRow, together: boolean): Promise<Work> {
  const { server, arrivals } = stage;
  const ready = await prepareAll(stage, row, together);
  const counts: Work[] = [];
  const { warmUp, counted } = COUNTS[row.isLater === true ? 'later' : together ? 'together' : 'alone'];
  for (let n = -warmUp; n < counted; n++) {
    await server.becomeQuiet();
    for (const { before } of ready) await before?.();
    await server.settle();
    await server.tell({ do: 'begin', holdsJobs: row.isLater !== true });
    const walBefore = await server.walBytes();
    server.statements.take();
    arrivals.take();
    if (together) await server.tell({ do: 'freeze', ms: FREEZE_MS });
    await Promise.all(ready.map(({ call }) => call()));
    await server.settle();
    const work = { ...server.statements.take(), ...arrivals.take(), ...(await server.tell({ do: 'end' })), walBytes: (await server.walBytes()) - walBefore };
    if (n >= 0) counts.push(work);
  }
  return leastOf(counts);
}

/** The minimum of several counts, figure by figure: two tasks that race for one cache entry may read it twice. WAL bytes vary a little, so theirs is the median. */
function leastOf(counts: readonly Work[]): Work {
  const least = (figure: (work: Work) => number): number => Math.min(...counts.map(figure));
  const leastEach = (named: (work: Work) => ReadonlyMap<string, number>): Map<string, number> =>
    new Map([...named(counts[0]!).keys()].map((name): [string, number] => [name, least((work) => named(work).get(name) ?? 0)]).filter(([, count]) => count > 0));
  return {
    statements: leastEach(({ statements }) => statements),
    pushes: leastEach(({ pushes }) => pushes),
    trips: least(({ trips }) => trips),
    rows: least(({ rows }) => rows),
    packets: least(({ packets }) => packets),
    bytes: least(({ bytes }) => bytes),
    hints: least(({ hints }) => hints),
    writes: least(({ writes }) => writes),
    walBytes: median(counts.map(({ walBytes }) => walBytes)),
  };
}

async function prepareAll(stage: Stage, row: WorkRow, together: boolean): Promise<Prepared[]> {
  const ready: Prepared[] = [];
  for (const [n, caller] of stage.callers.slice(0, together ? TOGETHER : 1).entries()) ready.push(await row.prepare(caller, stage, n));
  return ready;
}

/** What calls of a row allocate. */
export interface Sampled {
  /** Bytes that one call allocates: the median of several runs. */
  bytes: number;
  /** One of the runs. */
  run: Allocations;
  /** How many calls it made. */
  calls: number;
}

/** Measures what a call of a row allocates. */
export async function sampleWork(stage: Stage, row: WorkRow, together: boolean): Promise<Sampled> {
  const ready = await prepareAll(stage, row, together);
  const { server } = stage;
  const repeat = async (calls: number): Promise<number> => {
    let done = 0;
    for (; done < calls; done += ready.length) {
      if (done % (CALLS_A_MINUTE * ready.length) === 0) await server.passMinute();
      await Promise.all(ready.map(({ call }) => call()));
    }
    return done;
  };
  const sample = async (calls: number): Promise<{ allocations: Allocations; done: number }> => {
    await server.tell({ do: 'sample' });
    const done = await repeat(calls);
    await server.settle();
    return { allocations: await server.tell({ do: 'end-sample' }), done };
  };
  await repeat(CALLS_BEFORE_SAMPLES);
  const first = await sample(CALLS_A_MINUTE * ready.length);
  const calls = Math.ceil((SAMPLED_BYTES * first.done) / Math.max(1, first.allocations.bytes));
  const runs: Sampled[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const { allocations: run, done } = await sample(calls);
    runs.push({ bytes: run.bytes / done, run, calls: done });
  }
  return runs.toSorted((a, b) => a.bytes - b.bytes)[Math.floor(SAMPLES / 2)]!;
}
