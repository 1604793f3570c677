import type { Work } from './measure-work.ts';

/** The counted work of a row: of one call, and of sixteen at once for rows that are counted that way too. */
export interface CountedRow {
  name: string;
  alone: Work;
  together?: Work;
  /** The row counts background work. It depends on which task runs first, so all of its figures are rough. */
  isLater?: boolean;
}

/** A rough figure replaces the one in the page only if it differs from that by more than this fraction of it. */
const TOLERANCE = 0.04;
/** The same for `--check`. It is wider, because on a busy machine V8 compiles later, and code that is not compiled allocates more. */
const TOLERANCE_OF_CHECK = 0.08;
/** WAL bytes may differ by so much besides: page headers, and when PostgreSQL prunes a page, are chance. */
const WAL_SLACK = 160;

interface Column {
  title: string;
  of: (work: Work) => number | undefined;
  /** The figure varies a little from run to run. */
  isRough?: boolean;
  /** How much it may differ besides {@link TOLERANCE}. */
  slack?: number;
  /** Left out of the table of sixteen at once, where it depends on timing. */
  isAlone?: boolean;
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, count) => all + count, 0);

const COLUMNS: readonly Column[] = [
  { title: 'statements', of: ({ statements }) => sum(statements) },
  { title: 'round trips', of: ({ trips }) => trips },
  { title: 'rows', of: ({ rows }) => rows },
  { title: 'pushes', of: ({ pushes }) => sum(pushes) },
  { title: 'packets', of: ({ packets }) => packets, isAlone: true },
  { title: 'bytes', of: ({ bytes }) => bytes },
  { title: 'hints', of: ({ hints }) => hints },
  { title: 'writes', of: ({ writes }) => writes, isAlone: true },
  { title: 'WAL bytes', of: ({ walBytes }) => walBytes, isRough: true, slack: WAL_SLACK, isAlone: true },
  { title: 'KB allocated', of: ({ allocated }) => (allocated === undefined ? undefined : allocated / 1000), isRough: true },
];

const HEADINGS = { alone: 'One call', together: 'Sixteen at once' } as const;

/** The key of a figure: its table, row and column. */
const cellKey = (heading: string, row: string, column: string): string => `${heading}|${row}|${column}`;

/** Reads the figures out of a page that {@link renderWorkPage} made. @returns them as they are written, by {@link cellKey} */
export function readWorkPage(text: string): Map<string, string> {
  const cells = new Map<string, string>();
  let heading = '';
  let titles: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) heading = line.slice(3);
    if (!line.startsWith('| ')) continue;
    const [name, ...values] = line.split('|').slice(1, -1).map((cell) => cell.trim());
    if (name === 'call') titles = values;
    else for (const [at, value] of values.entries()) cells.set(cellKey(heading, name!, titles[at]!), value);
  }
  return cells;
}

const INTRODUCTION = `# Work of a call

What the server does for a call, counted instead of timed: a count is the same on every machine. \`npm run work\` writes this page, and \`npm run work -- --check\` fails when it is
not what the server does: so a change that adds a statement or a push shows it here, in its own commit. Ceilings stand in \`bench/work/ceilings.json\`; whoever raises
one says there what for.

How it is counted: a fresh database without vacuum and whole pages in its log; a clock that stands still, so that indexing and jobs come later, in rows of their own; each
call after everything is quiet, several times, and the least of each figure counts. Sixteen at once are sixteen accounts with sixteen chats whose packets are read in one
turn of the event loop; their figures are for all of them together, but what is allocated is for one.

- **statements**, **round trips**, **rows**: what the pool of the database ran; how often an answer was awaited; rows that were read or written.
- **pushes**, **packets**, **bytes**: updates that all clients got beside the answer; packets with answers or updates in them; their bytes, unpacked.
- **hints**: messages on the bus. **writes**: to sockets of clients.
- **WAL bytes**: what the call adds to the log of PostgreSQL. **KB allocated**: in V8's heap, by its sampling profiler, on the Node that is shipped, for calls that are
  cheap. These two, and all figures of the last two rows, are rewritten when they are off by more than 4 %, and the log by more than 160 bytes besides; a check lets them be off
  by 8 %, because a busy machine compiles later, and measures only the allocations that have a ceiling.

\`npm run work -- --row "text to a person" --profile\` shows by folder and function where the memory is allocated.
`;

/**
 * Writes the page of the counted work.
 * @param known the figures of the page that there is, see {@link readWorkPage}: rough ones stay while they are nearly right
 * @param isCheck rough figures may differ by more from those that are known, and those that were not counted stay
 */
export function renderWorkPage(rows: readonly CountedRow[], known: ReadonlyMap<string, string>, isCheck = false): string {
  const tolerance = isCheck ? TOLERANCE_OF_CHECK : TOLERANCE;
  const cell: RenderCell = ({ of, isRough, slack = 0 }, work, { key, isLater }) => {
    const value = of(work);
    const before = known.get(key) ?? '';
    if (value === undefined) return isCheck ? before : '';
    return (isRough === true || isLater) && before !== '' && Math.abs(value - Number(before)) <= tolerance * Number(before) + slack ? before : String(Math.round(value));
  };
  return `${INTRODUCTION}\n${renderTable('alone', rows, cell)}\n${renderTable('together', rows, cell)}\n## Statements and pushes of one call\n\n${rows.map(renderDetails).join('\n')}\n`;
}

function renderTable(how: 'alone' | 'together', rows: readonly CountedRow[], renderCell: RenderCell): string {
  const columns = COLUMNS.filter(({ isAlone }) => how === 'alone' || isAlone !== true);
  const lines = rows.flatMap((row): string[] => {
    const work = row[how];
    if (!work) return [];
    const cells = columns.map((column) => renderCell(column, work, { key: cellKey(HEADINGS[how], row.name, column.title), isLater: row.isLater === true }));
    return [`| ${row.name} | ${cells.join(' | ')} |`];
  });
  return `## ${HEADINGS[how]}\n\n| call | ${columns.map(({ title }) => title).join(' | ')} |\n|---|${columns.map(() => '---|').join('')}\n${lines.join('\n')}\n`;
}

type RenderCell = (column: Column, work: Work, place: { key: string; isLater: boolean }) => string;

/** The beginning of the line with the statements and pushes of a row. Pure. */
export const detailsOf = (name: string): string => `- **${name}**: `;

function renderDetails({ name, alone: { statements, pushes }, isLater }: CountedRow): string {
  const list = (counts: ReadonlyMap<string, number>): string => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => (count === 1 || isLater === true ? what : `${what} × ${count}`)).join(', ');
  const parts = [list(statements), list(pushes)].filter((part) => part !== '');
  return `${detailsOf(name)}${parts.length === 0 ? 'nothing' : parts.join('; ')}.`;
}

/** An upper bound for one figure of the page. They are in `bench/work/ceilings.json`. */
export interface Ceiling {
  call: string;
  /** Which table: `alone` for one call, `together` for sixteen at once. */
  at: keyof typeof HEADINGS;
  /** The title of the column. */
  figure: string;
  most: number;
  /** What the work is needed for. Whoever raises the bound changes this too. */
  reason: string;
}

/** Describes each ceiling that is exceeded. One whose figure is missing from the page counts as exceeded. */
export function listPassedCeilings(ceilings: readonly Ceiling[], cells: ReadonlyMap<string, string>): string[] {
  return ceilings.flatMap(({ call, at, figure, most }) => {
    const cell = cells.get(cellKey(HEADINGS[at], call, figure));
    if (cell !== undefined && cell !== '' && Number(cell) <= most) return [];
    return [`${call} (${HEADINGS[at].toLowerCase()}): ${cell === undefined || cell === '' ? 'no' : cell} ${figure}, at most ${most}`];
  });
}
