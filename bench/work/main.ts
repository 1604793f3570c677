import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findRepositoryRoot } from '@aerogram/dev-env/load';
import { runCountedServer, SERVER_ARGUMENT } from './counted-server.ts';
import { countWork, sampleWork, type Sampled } from './measure-work.ts';
import { ROWS } from './rows/rows.ts';
import { RunningServer } from './running-server.ts';
import { Stage } from './stage.ts';
import { type Ceiling, type CountedRow, detailsOf, listPassedCeilings, readWorkPage, renderWorkPage } from './work-page.ts';
import type { WorkRow } from './work-row.ts';

// npm run work [-- --check] [-- --row <part of a name> [--profile]]: counts what the server does for a call, and writes docs/work.md.
const PAGE = 'docs/work.md';
const CEILINGS = 'bench/work/ceilings.json';
/** How many folders and functions of a profile are printed. */
const PROFILE_LINES = 45;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (process.argv[2] === SERVER_ARGUMENT) await runCountedServer(process.argv.slice(3));
else await main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { node: { type: 'string', default: process.execPath }, row: { type: 'string' }, check: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } } });
  const chosen = ROWS.filter(({ name }) => values.row === undefined || name.includes(values.row));
  const page = join(findRepositoryRoot(), PAGE);
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const render = (rows: readonly CountedRow[]): string => renderWorkPage(rows, readWorkPage(before), values.check);
  const ceilings = readCeilings();
  // A check measures only those allocations that have a ceiling: the others take longer than all counts.
  const isSampled = ({ name, memory }: WorkRow): boolean => memory !== undefined && (!values.check || ceilings.some(({ call, figure }) => call === name && figure === 'KB allocated'));
  const count = (some: readonly WorkRow[]): Promise<CountedRow[]> => countRows(some, { node: values.node, isProfiled: values.profile, isSampled });
  let rows = await count(chosen);
  let text = render(rows);
  if (values.row !== undefined) return say(text.slice(text.indexOf('## ')));
  const findFaults = (): string[] => [...listPassed(ceilings, rows), ...(values.check ? listDifferences(before, text) : [])];
  let faults = findFaults();
  if (values.check && faults.length > 0) {
    // On a busy machine a rough figure can be wrong once. A change of the code shows in both counts.
    const named = chosen.filter(({ name }) => faults.some((fault) => fault.includes(name)));
    // What runs in the background depends on all that other rows have written.
    const doubtful = named.some(({ isLater }) => isLater === true) ? chosen : named;
    say(`${faults.join('\n')}\ncounts ${doubtful.length} rows once more`);
    const again = new Map((await count(doubtful)).map((row) => [row.name, row]));
    rows = rows.map((row) => again.get(row.name) ?? row);
    text = render(rows);
    faults = findFaults();
  }
  if (!values.check) writeFileSync(page, text);
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function readCeilings(): Ceiling[] {
  return JSON.parse(readFileSync(join(findRepositoryRoot(), CEILINGS), 'utf8')) as Ceiling[];
}

/** Describes each exceeded ceiling. Compares the counted figures and not those of the page, which keeps a rough figure while it is nearly right and so would hide small steps. */
function listPassed(ceilings: readonly Ceiling[], rows: readonly CountedRow[]): string[] {
  return listPassedCeilings(ceilings, readWorkPage(renderWorkPage(rows, new Map()))).map((passed) => `${CEILINGS}: ${passed}`);
}

/** The lines in which two pages differ: first those that only `before` has, then those that only `after` has. */
function listDifferences(before: string, after: string): string[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  // Which jobs run in a row of background work depends on the minute, so their names are not compared.
  const isLoose = (line: string): boolean => ROWS.some(({ name, isLater }) => isLater === true && line.startsWith(detailsOf(name)));
  const lines = [...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`), ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)];
  return lines.filter((line) => !isLoose(line.slice(2))).map((line) => `${PAGE} is not current (npm run work): ${line}`);
}

interface Counting {
  /** The program that runs the server. */
  node: string;
  /** Prints where memory is allocated. */
  isProfiled: boolean;
  /** Whether the allocations of a row are measured. */
  isSampled: (row: WorkRow) => boolean;
}

async function countRows(rows: readonly WorkRow[], { node, isProfiled, isSampled }: Counting): Promise<CountedRow[]> {
  await using server = await RunningServer.start(node);
  using stage = await Stage.make(server, rows.some(({ isAlone }) => isAlone !== true));
  const counted: CountedRow[] = [];
  for (const row of rows) counted.push({ name: row.name, isLater: row.isLater === true, alone: await countWork(stage, row, false), ...(row.isAlone === true ? {} : { together: await countWork(stage, row, true) }) });
  // Allocations come last, because their thousands of calls fill the database.
  for (const [at, row] of rows.entries()) {
    if (!isSampled(row)) continue;
    const { alone, together } = counted[at]!;
    alone.allocated = report(row, await sampleWork(stage, row, false), isProfiled);
    if (row.memory === 'both') together!.allocated = report(row, await sampleWork(stage, row, true), isProfiled);
  }
  return counted;
}

function report({ name }: WorkRow, { bytes, run, calls }: Sampled, isProfiled: boolean): number {
  if (!isProfiled) return bytes;
  say(`\n${name}: ${Math.round(bytes)} bytes a call, in ${calls} calls`);
  for (const places of [run.byFolder, run.byFunction]) {
    const sorted = Object.entries(places).sort(([, a], [, b]) => b - a);
    for (const [place, sum] of sorted.slice(0, PROFILE_LINES)) say(`${String(Math.round(sum / calls)).padStart(8)} ${place}`);
    const rest = sorted.slice(PROFILE_LINES).reduce((all, [, sum]) => all + sum, 0);
    say(`${String(Math.round(rest / calls)).padStart(8)} (${Math.max(0, sorted.length - PROFILE_LINES)} others)\n`);
  }
  return bytes;
}
