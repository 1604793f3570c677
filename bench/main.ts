import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasNats } from '@aerogram/bus/testing';
import { hasChromium } from '@aerogram/dev-env/load';
import { findMissingPackages } from '../tools/cluster/debian-packages.ts';
import { buildCommit, compareWith, printComparisons } from './against.ts';
import { endChildrenWhenInterrupted } from './end-children.ts';
import { measureFloor } from './floor.ts';
import { runHttpFloor } from './http-floor.ts';
import { runGenerator } from './load/generator.ts';
import { describeMachine, readMachine, type Machine } from './machine.ts';
import type { BenchOptions, Floor } from './measure.ts';
import { mergeRuns, printRows, type Row } from './row.ts';
import { BENCHES } from './rows/benches.ts';
import { runFloorServer } from './rows/floor-server.ts';

/** Maximum duration of each part of the floor measurement. */
const FLOOR_SECONDS = 3;

/** The results as written to JSON, for later comparison. */
interface Results {
  machine: Machine;
  /** Unix seconds. */
  date: number;
  /** Medians of the runs. */
  results: Record<string, Row[]>;
  /** The single runs. */
  runs: Record<string, Row[][]>;
}

const USAGE = `npm run bench -- [options]
  --only a,b        which: ${Object.keys(BENCHES).join(', ')}; all but those that take long when absent
  --runs 3          how often each is run, one after the other in turns; the table has the medians
  --seconds 5       how long a row is measured
  --json FILE       writes all figures
  --compare FILE    adds columns with the ratio to the figures of a file
  --against COMMIT  builds another commit, runs each bench with its programs and with these in turns, --pairs times, and prints the ratios
  --profile DIR     the server leaves a CPU profile there
  --pairs 5         peer, workers, files: pairs of runs, ours and the peer's, of one process and of two, with files and without
  --minutes 60      soak: how long
  --methods a.b,c.d answers: only these, instead of all reading methods of the first wave
  --users 20000 --messages 200000 --devices 16000
                    size of the seeded database that idle, reads, answers, start and soak work on (aerogram dev seed)
  --members 20000 --channels 1000 --channels-each 200 --channel-posts 100
                    the same for rows about channels: members of the largest one, and the private ones of each account
  --bots 10000      idle-bots, idle-pollers: number of bots
  --updates 1000000 bot-updates: number of updates
  --file-mib 2000   files-memory: length of the files
  --data DIR        where seeded databases are kept between runs`;

const OPTIONS = {
  only: { type: 'string' },
  runs: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '5' },
  json: { type: 'string' },
  compare: { type: 'string' },
  against: { type: 'string' },
  profile: { type: 'string' },
  pairs: { type: 'string', default: '5' },
  minutes: { type: 'string', default: '60' },
  methods: { type: 'string' },
  bots: { type: 'string', default: '10000' },
  updates: { type: 'string', default: '1000000' },
  'file-mib': { type: 'string', default: '2000' },
  users: { type: 'string', default: '20000' },
  messages: { type: 'string', default: '200000' },
  devices: { type: 'string', default: '16000' },
  members: { type: 'string', default: '20000' },
  channels: { type: 'string', default: '1000' },
  'channels-each': { type: 'string', default: '200' },
  'channel-posts': { type: 'string', default: '100' },
  data: { type: 'string', default: join(tmpdir(), 'aerogram-bench') },
  help: { type: 'boolean' },
  // Roles in which the bench starts itself.
  generator: { type: 'boolean' },
  'floor-server': { type: 'string' },
  'http-floor': { type: 'boolean' },
} as const;

/** Runs the chosen benches in turns, prints a table of the medians and writes everything as JSON. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.generator) return runGenerator();
  if (values['floor-server'] !== undefined) return runFloorServer(Number(values['floor-server']));
  if (values['http-floor']) return runHttpFloor();
  if (values.help) return console.log(USAGE);
  endChildrenWhenInterrupted();

  const asked = values.only?.split(',') ?? Object.keys(BENCHES).filter((name) => BENCHES[name]!.long !== true);
  const unknown = asked.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) throw new Error(`no bench is called ${unknown.join(', ')}\n${USAGE}`);
  const isThere = { chromium: hasChromium, 'nats-server': hasNats, patroni: findMissingPackages().length === 0 };
  const missing = (name: string): string | undefined => [BENCHES[name]!.needs].find((needed) => needed !== undefined && !isThere[needed]);
  for (const name of asked) if (missing(name) !== undefined) console.log(`skipped: ${missing(name)} (${name})`);
  const chosen = asked.filter((name) => missing(name) === undefined);
  const seconds = Number(values.seconds);
  const options: Omit<BenchOptions, 'floor'> = {
    seconds,
    profileDir: values.profile,
    pairs: Number(values.pairs),
    minutes: Number(values.minutes),
    methods: values.methods?.split(','),
    seed: { users: Number(values.users), messages: Number(values.messages), devices: Number(values.devices) },
    channels: { members: Number(values.members), count: Number(values.channels), each: Number(values['channels-each']), posts: Number(values['channel-posts']) },
    bots: Number(values.bots),
    updates: Number(values.updates),
    fileMib: Number(values['file-mib']),
    dataDir: values.data,
  };
  const earlier = values.compare === undefined ? undefined : (JSON.parse(readFileSync(values.compare, 'utf8')) as Results);
  const machine = readMachine();
  console.log(describeMachine(machine));

  if (values.against !== undefined) return runAgainst(values.against, chosen, options);
  const runs: Record<string, Row[][]> = Object.fromEntries(chosen.map((name) => [name, []]));
  const count = Number(values.runs);
  for (let run = 0; run < count; run++) {
    // The floor of this turn: the machine may be faster or slower in the next one.
    const floor = measureFloorOnce(seconds);
    for (const name of chosen) {
      const bench = BENCHES[name]!;
      if (bench.once === true && run > 0) continue;
      const rows = await runBench(name, { ...options, floor });
      runs[name]!.push(rows);
      if (count === 1 || bench.once === true) continue;
      console.log(`\n── ${name}, run ${run + 1} ──`);
      printRows(rows);
    }
  }
  const results = Object.fromEntries(chosen.map((name) => [name, mergeRuns(runs[name]!)]));
  for (const name of chosen) {
    const n = runs[name]!.length;
    console.log(`\n══ ${name}${n > 1 ? `, medians of ${n} runs` : ''} ══`);
    printRows(results[name]!, earlier?.results[name]);
  }
  const failed = chosen.filter((name) => results[name]!.some((row) => row.failed));
  if (failed.length > 0) {
    console.error(`failed: ${failed.join(', ')}`);
    process.exitCode = 1;
  }
  if (values.json === undefined) return;
  const all: Results = { machine, date: Math.floor(Date.now() / 1000), results, runs };
  writeFileSync(values.json, `${JSON.stringify(all, undefined, 2)}\n`);
}

/** Measures the floor when it is first asked for. @param seconds how long a row takes */
function measureFloorOnce(seconds: number): () => Promise<Floor> {
  let measured: Promise<Floor> | undefined;
  return () => (measured ??= measureFloor(Math.min(seconds, FLOOR_SECONDS)));
}

/** Compares each bench with another commit. */
async function runAgainst(commit: string, chosen: readonly string[], options: Omit<BenchOptions, 'floor'>): Promise<void> {
  const other = buildCommit(commit);
  // The two programs are compared with each other, not with the floor, so it is measured once.
  const floor = measureFloorOnce(options.seconds);
  for (const name of chosen) {
    const comparisons = await compareWith(other, options.pairs, async () => BENCHES[name]!.run({ ...options, floor }));
    console.log(`\n══ ${name} against ${other.name}, ${options.pairs} pairs ══`);
    printComparisons(comparisons, other.name);
  }
}

/** Runs one bench. If it fails, its row says so, and the others are not affected. */
async function runBench(name: string, options: BenchOptions): Promise<Row[]> {
  try {
    return await BENCHES[name]!.run(options);
  } catch (error) {
    console.error(error);
    return [{ name: `${name} failed`, failed: true, note: error instanceof Error ? error.message.split('\n', 1)[0]! : String(error) }];
  }
}

await main();
