import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { OpenChat } from '../open-chat/open-chat.ts';
import { type HistoryRow, messagesOf } from './rows.ts';
import type { HistoryList } from './use-history-list.ts';

interface RovingFocus {
  /** The key of the one message that Tab reaches. */
  current: string | undefined;
  onFocus(key: string): void;
  onKeyDown(event: KeyboardEvent): void;
}

const isMessage = (row: HistoryRow | undefined): boolean => row?.kind === 'message';

/** Which index a key leads to. Pure. */
function stepTo(key: string, rows: readonly HistoryRow[], from: number): number {
  switch (key) {
    case 'ArrowUp':
      return rows.findLastIndex((row, index) => index < from && isMessage(row));
    case 'ArrowDown':
      return rows.findIndex((row, index) => index > from && isMessage(row));
    case 'Home':
      return rows.findIndex(isMessage);
    case 'End':
      return rows.findLastIndex(isMessage);
    default:
      return -1;
  }
}

/** The message that stands where another one stood that is gone: the one after it, else the one before it. Pure. @param before the rows when it was there */
export function besideGone(gone: string, before: readonly HistoryRow[], rows: readonly HistoryRow[]): string | undefined {
  const left = new Set(rows.filter(isMessage).map(({ key }) => key));
  const at = before.findIndex(({ key }) => key === gone);
  if (at === -1) return undefined;
  const isLeft = ({ key }: HistoryRow): boolean => left.has(key);
  return (before.slice(at + 1).find(isLeft) ?? before.slice(0, at).findLast(isLeft))?.key;
}

/** Lets the arrow keys move among the messages of a history. */
export function useRovingFocus({ rows, list }: HistoryList, open: OpenChat, log: RefObject<HTMLElement | null>): RovingFocus {
  const chosen = useSignal<string | undefined>(undefined);
  /** The message that gets the focus as soon as it is drawn. */
  const wanted = useRef<string | undefined>(undefined);

  const drawn = new Set(list.getVirtualItems().map(({ key }) => key));
  const last = rows.findLast((row) => isMessage(row) && drawn.has(row.key))?.key;
  const current = chosen.value !== undefined && drawn.has(chosen.value) ? chosen.value : last;

  const found = open.found.value;
  useLayoutEffect(() => {
    const row = found === undefined ? undefined : rows.find((each) => messagesOf(each).some((message) => open.positionOf(message) === found));
    if (row?.kind !== 'message') return;
    const { activeElement } = document;
    const { jumpedFrom } = open;
    open.jumpedFrom = undefined;
    const isInLog = log.current?.contains(activeElement) === true;
    // Somebody who has chosen another message meanwhile stays there: what they do next is meant for that one.
    if (isInLog && jumpedFrom !== undefined && activeElement !== jumpedFrom) return;
    chosen.value = row.key;
    // What was pressed to come here may be gone, and the focus with it.
    if (activeElement === document.body || isInLog) wanted.current = row.key;
  }, [found]);
  /** The message that had the focus last. */
  const focused = useRef<string | undefined>(undefined);

  const before = useRef(rows);
  useLayoutEffect(() => {
    const gone = focused.current !== undefined && !rows.some(({ key }) => key === focused.current) ? focused.current : undefined;
    const rowsBefore = before.current;
    before.current = rows;
    if (gone === undefined) return;
    focused.current = undefined;
    // Its focus went with it, unless somebody has gone elsewhere.
    if (document.activeElement !== document.body || wanted.current !== undefined) return;
    const next = besideGone(gone, rowsBefore, rows);
    if (next === undefined) open.focusComposer();
    else if (drawn.has(next)) chosen.value = wanted.current = next;
  });
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const article = [...(log.current?.querySelectorAll<HTMLElement>('article') ?? [])].find(({ dataset }) => dataset.key === wanted.current);
    if (!article) return;
    wanted.current = undefined;
    article.focus({ preventScroll: true });
  });
  return {
    current,
    onFocus: (key) => (chosen.value = focused.current = key),
    onKeyDown: (event) => {
      if (!(event.target instanceof Element) || event.target.tagName !== 'ARTICLE' || event.altKey || event.ctrlKey || event.metaKey) return;
      const to = stepTo(event.key, rows, rows.findIndex(({ key }) => key === current));
      if (to === -1) return;
      event.preventDefault();
      chosen.value = rows[to]!.key;
      wanted.current = rows[to]!.key;
      list.scrollToIndex(to, { align: 'auto' });
    },
  };
}
