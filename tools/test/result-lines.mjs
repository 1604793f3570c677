// The last lines that a test command prints, from which a failure can be understood without the lines before them.

/** Stands before these lines; `.ci/run` repeats what follows it. */
export const RESULT_HEADING = '── result ──';
/** Lines about failures that are printed at most. */
const MOST_LINES = 40;
/** Lines of a message that are printed at most. */
const MESSAGE_LINES = 5;

/**
 * The beginning of what vitest says of a failed test: the first lines of the message, and the first place that is not in a library.
 * @param {string | undefined} message
 * @returns {string[]}
 */
export function shortenMessage(message = '') {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const firstPlace = lines.findIndex((line) => /^\s+at /.test(line));
  const text = firstPlace === -1 ? lines : lines.slice(0, firstPlace);
  const place = lines.find((line) => /^\s+at /.test(line) && !/node_modules|node:/.test(line));
  return [...text.slice(0, MESSAGE_LINES), ...(place === undefined ? [] : [place])].map((line) => `    ${line.trim().slice(0, 300)}`);
}

/**
 * Describes failures in a limited number of lines: the names come first, what is said of each only as far as there is room.
 * @param {{ name: string, details?: string[] }[]} failures
 * @returns {string[]}
 */
export function describeFailures(failures) {
  const shown = failures.slice(0, MOST_LINES);
  let room = MOST_LINES - shown.length;
  const lines = shown.flatMap(({ name, details = [] }) => {
    const taken = details.slice(0, room);
    room -= taken.length;
    return [name, ...taken];
  });
  return shown.length === failures.length ? lines : [...lines, `… and ${failures.length - shown.length} more`];
}
