/** What a window of the web client shows, as a screen reader is told of it. */
export interface Shown {
  chats: string;
  /** The topics of an open forum. */
  topics: string;
  messages: string;
}

const ARTICLE = /^ {2}- article /;
/** A list with this many messages also has some that are out of sight: how many depends on how the list got where it is. */
const MANY_MESSAGES = 10;

/**
 * Compares what a window shows at two times. Of many messages it compares the last ones, as many as were there at both times.
 * @returns the first line that differs, short enough for the one line that a report of tests has for it; undefined if nothing differs
 */
export function firstDifference(before: Shown, after: Shown): string | undefined {
  const count = Math.min(...[before, after].map(({ messages }) => messages.split('\n').filter((line) => ARTICLE.test(line)).length));
  const linesOf = ({ chats, topics, messages }: Shown): string[] => [...chats.split('\n'), ...topics.split('\n'), ...(count < MANY_MESSAGES ? messages.split('\n') : lastMessages(messages.split('\n'), count))];
  const [old, now] = [linesOf(before), linesOf(after)];
  for (let at = 0; at < Math.max(old.length, now.length); at++) {
    if (old[at] !== now[at]) return `${old[at]?.trim()} became ${now[at]?.trim()}`;
  }
  return undefined;
}

function lastMessages(lines: string[], count: number): string[] {
  const starts = lines.flatMap((line, at) => (ARTICLE.test(line) ? [at] : []));
  return lines.slice(starts.at(-count));
}
