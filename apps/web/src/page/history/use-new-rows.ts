import { useRef } from 'preact/hooks';
import type { HistoryRow } from './rows.ts';

/** A row counts as new for so long, in milliseconds: it is moved only while it comes, and not when one scrolls back to it. */
const NEW_MS = 300;

/** The keys of the messages that were appended to a list of rows. Pure. @param lastKey of the list as it was; undefined if nothing was known of it */
export function appendedKeys(lastKey: string | undefined, rows: readonly HistoryRow[]): string[] {
  const last = lastKey === undefined ? -1 : rows.findLastIndex(({ key }) => key === lastKey);
  return last === -1 ? [] : rows.slice(last + 1).flatMap(({ kind, key }) => (kind === 'message' ? [key] : []));
}

/** Tells which messages have just come. @param isWhole whether the list reaches to the newest message */
export function useNewRows(rows: readonly HistoryRow[], isWhole: boolean): (key: string) => boolean {
  const before = useRef<{ key: string; isWhole: boolean } | undefined>(undefined);
  const since = useRef(new Map<string, number>());
  const now = performance.now();
  const last = rows.at(-1);
  if (last && (before.current?.key !== last.key || before.current.isWhole !== isWhole)) {
    // What is loaded while one scrolls has not come just now.
    if (isWhole && before.current?.isWhole) for (const key of appendedKeys(before.current.key, rows)) since.current.set(key, now);
    before.current = { key: last.key, isWhole };
  }
  for (const [key, at] of since.current) if (now - at > NEW_MS) since.current.delete(key);
  return (key) => since.current.has(key);
}
