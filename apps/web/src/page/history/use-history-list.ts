import type { Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Chat, LiveDraft, Message } from '../../protocol/index.ts';
import { ask, type OpenView, session } from '../ground/link.ts';
import { useVirtual } from '../parts/use-virtual.ts';
import type { OpenChat } from '../open-chat/open-chat.ts';
import { ReadMarks } from './read-marks.ts';
import { arrangeRows, type HistoryRow, messagesOf, withoutCutRow } from './rows.ts';
import { useFresh } from './use-fresh.ts';
import { useRecount } from './use-recount.ts';

/** Rows before the end of the window at which more are asked for. */
const AHEAD = 15;
/** Estimates until a row is measured, in pixels. */
const ESTIMATES: Record<HistoryRow['kind'], number> = { day: 40, unread: 40, seam: 36, service: 36, draft: 56, message: 56 };
/** The room of the label with the day, in pixels. */
const DAY_LABEL = 40;
/** A list that is so close to its end, in pixels, counts as being there. */
const AT_END = 80;
/** Events by which a person scrolls. */
const SCROLLED_BY = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
/** How long the message to which one went stands out, in milliseconds. */
const FOUND_MS = 2000;

export interface HistoryList {
  rows: readonly HistoryRow[];
  list: Virtualizer<HTMLElement, HTMLElement>;
  /** The newest message can be seen. */
  isAtEnd: boolean;
}

interface HistoryListOptions {
  open: OpenChat;
  view: OpenView<'history'>;
  scroller: RefObject<HTMLElement | null>;
  chat?: Chat;
  /** What the bot of this chat is writing, shown below its newest message. */
  draft?: LiveDraft;
}

/** The rows of a history, drawn as far as they can be seen; loads more at both ends, and marks what was seen as read. */
export function useHistoryList({ open, view, scroller, chat, draft }: HistoryListOptions): HistoryList {
  const { messages = [], hasOlder, hasNewer, isLoading, target, firstUnread } = view.state.value;
  const isTarget = (message: Message): boolean => target !== undefined && target.at !== 'end' && open.positionOf(message) === target.message;
  const arranged = useMemo(
    () => withoutCutRow(arrangeRows(messages, open.peer, firstUnread, session.value.me), hasOlder === true, isTarget),
    [messages, open, firstUnread, hasOlder, target, session.value.me],
  );
  const rows = useMemo<HistoryRow[]>(() => (draft && hasNewer === false ? [...arranged, { kind: 'draft', key: 'draft', draft }] : arranged), [arranged, draft, hasNewer]);
  const marks = useMemo(() => new ReadMarks(open.peer, open.thread), [open]);
  useEffect(() => () => marks.close(), [marks]);

  const loadMore = ({ range }: Virtualizer<HTMLElement, HTMLElement>): void => {
    if (!range || isLoading !== false || rows.length === 0) return;
    if (hasOlder && range.startIndex < AHEAD) void ask('history.older', { view: view.id }).catch(() => undefined);
    else if (hasNewer && range.endIndex > rows.length - AHEAD) void ask('history.newer', { view: view.id }).catch(() => undefined);
  };
  const list = useVirtual({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ESTIMATES[rows[index]!.kind],
    getItemKey: (index) => rows[index]!.key,
    anchorTo: 'end',
    followOnAppend: hasNewer === false,
    overscan: 8,
    paddingStart: 8,
    paddingEnd: 8,
    scrollPaddingStart: DAY_LABEL,
    onScroll: loadMore,
  });

  const staysAtEnd = useRef(true);
  const jump = target?.jump;
  useLayoutEffect(() => {
    if (!target) return undefined;
    const unread = target.at === 'unread' ? rows.findIndex(({ kind }) => kind === 'unread') : -1;
    const message = target.at === 'end' ? -1 : rows.findIndex((row) => messagesOf(row).some(isTarget));
    staysAtEnd.current = unread === -1 && message === -1;
    if (unread !== -1) list.scrollToIndex(unread, { align: 'start' });
    else if (message !== -1) list.scrollToIndex(message, { align: 'center' });
    else list.scrollToEnd();
    if (target.at !== 'message') return undefined;
    open.found.value = target.message;
    const timer = setTimeout(() => (open.found.value = undefined), FOUND_MS);
    return () => clearTimeout(timer);
  }, [jump]);
  useLayoutEffect(() => {
    const element = scroller.current;
    return element ? keepEnd(element, staysAtEnd) : undefined;
  }, []);
  // Where the list stands at once: its range still is what was drawn, perhaps before it went where it is to stand first.
  const inSight = (): Message[] => {
    const { scrollTop, clientHeight } = scroller.current ?? { scrollTop: 0, clientHeight: 0 };
    if (!list.range || clientHeight === 0) return [];
    const [first, last] = [scrollTop, scrollTop + clientHeight].map((offset) => list.getVirtualItemForOffset(offset)?.index ?? 0) as [number, number];
    return rows.slice(first, last + 1).flatMap(messagesOf);
  };
  // In the basic group from which a supergroup was made, everything was read, and nothing changes any more.
  const ownInSight = (): Message[] => inSight().filter(({ peer }) => peer === open.peer);
  // After each drawing: what can be seen now may count as read, and a short window may need more.
  useEffect(() => {
    marks.see(ownInSight(), chat);
    loadMore(list);
  });
  useRecount(open.peer, ownInSight);
  useFresh(open.peer, ownInSight);
  return { rows, list, isAtEnd: hasNewer === false && list.isAtEnd(AT_END) };
}

/**
 * Keeps the newest message in sight when a bar, a longer text or the keyboard of a phone takes room away.
 * @param staysAtEnd whether the list is at its end, or on its way there; kept up to date
 * @returns what ends that
 */
function keepEnd(element: HTMLElement, staysAtEnd: { current: boolean }): () => void {
  let height = element.clientHeight;
  let top = element.scrollTop;
  let isTouched = false;
  const isAtEnd = (): boolean => element.scrollHeight - height - element.scrollTop <= AT_END;
  const touch = (): void => {
    isTouched = true;
  };
  const look = (): void => {
    top = element.scrollTop;
    // Before a person scrolls, the end moves only because rows get their measured heights. The virtual list scrolls after it in several steps, and counts as being at its end meanwhile.
    staysAtEnd.current = isAtEnd() || (staysAtEnd.current && !isTouched);
  };
  const observer = new ResizeObserver(() => {
    const hasLost = element.clientHeight < height;
    if (hasLost && (isAtEnd() || (staysAtEnd.current && (!isTouched || element.scrollTop === top)))) element.scrollTop = element.scrollHeight;
    height = element.clientHeight;
    look();
  });
  observer.observe(element);
  element.addEventListener('scroll', look);
  for (const event of SCROLLED_BY) element.addEventListener(event, touch, { passive: true });
  return () => {
    observer.disconnect();
    element.removeEventListener('scroll', look);
    for (const event of SCROLLED_BY) element.removeEventListener(event, touch);
  };
}
