import type { DestinationStream } from 'pino';

/** Fields of a line that are not shown as details. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'err', 'error', 'event']);
/** Most characters of a line's details: the rest is in the log of a server whose output is no terminal. */
const DETAILS_MAX = 300;

/** Whether a value is the description of an error, as the log has it. */
const isErrorField = (value: unknown): value is { message?: string; stack?: string } => typeof value === 'object' && value !== null;

/**
 * A line of the log for people at a terminal: time of day, how bad it is unless that is `info`, the message, its details in parentheses, and the stack of an error. Pure.
 * @param line JSON, as the log writes it
 */
export function wordsOf(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { level, time, msg = '', err, error } = fields;
  const details = Object.entries(fields)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  const failure = err ?? error;
  const severity = level === 'info' || level === 'debug' || level === 'trace' ? '' : `${level === 'warn' ? 'warning' : String(level)}: `;
  const shown = details === '' ? '' : ` (${details.length > DETAILS_MAX ? `${details.slice(0, DETAILS_MAX)}…` : details})`;
  return `${String(time).slice(11, 19)} ${severity}${String(msg)}${shown}\n${isErrorField(failure) ? `${failure.stack ?? failure.message ?? ''}\n` : ''}`;
}

/** Where a log goes that people read at a terminal. What is logged while a server starts is held back, so that its addresses come first. */
export class WordsLog implements DestinationStream {
  readonly #print: (text: string) => void;
  #held: string[] | undefined = [];

  /** @param print writes to the terminal */
  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  write(line: string): void {
    const words = wordsOf(line);
    if (this.#held === undefined) this.#print(words);
    else this.#held.push(words);
  }

  /** Prints what was held back, and from now on each line at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const words of held) this.#print(words);
  }
}
