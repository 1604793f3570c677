import type { FunctionComponent, RefObject } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { formatDay } from '../parts/dates.ts';
import type { HistoryList } from './use-history-list.ts';

/** Where the label stands below the upper edge, and how high it is with the space around it, in pixels; a day's own row is about as high. */
const TOP = 8;
const HEIGHT = 36;
/** The label goes away when nothing was scrolled for so long, in milliseconds. */
const IDLE_MS = 1800;

interface Place {
  date: number;
  /** How far the next day pushes it up. */
  shift: number;
}

/** The day whose label is above the upper edge. Pure. @returns undefined if its own row can be seen */
export function stickyDay(rows: HistoryList['rows'], starts: (index: number) => number, offset: number): Place | undefined {
  let date: number | undefined;
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'day') continue;
    const top = starts(index) - offset;
    if (top >= TOP) return date === undefined ? undefined : { date, shift: Math.min(0, top - TOP - HEIGHT) };
    date = top > -HEIGHT ? undefined : row.date;
  }
  return date === undefined ? undefined : { date, shift: 0 };
}

/** The day of the messages at the upper edge, while one scrolls. Pressed, it asks for another day. */
export const DayLabel: FunctionComponent<{ history: HistoryList; scroller: RefObject<HTMLElement | null>; onPress(date: number): void }> = ({ history, scroller, onPress }) => {
  const place = useSignal<Place | undefined>(undefined);
  const isIdle = useSignal(true);
  const drawn = useRef(history);
  drawn.current = history;
  const update = (): void => {
    const { rows, list } = drawn.current;
    const found = stickyDay(rows, (index) => list.measurementsCache[index]?.start ?? Infinity, scroller.current?.scrollTop ?? 0);
    if (found?.date !== place.value?.date || found?.shift !== place.value?.shift) place.value = found;
  };
  useLayoutEffect(update);
  useEffect(() => {
    const { current } = scroller;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = (): void => {
      update();
      isIdle.value = false;
      clearTimeout(timer);
      timer = setTimeout(() => (isIdle.value = true), IDLE_MS);
    };
    current?.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      current?.removeEventListener('scroll', onScroll);
    };
  }, []);
  if (!place.value) return null;
  const { date, shift } = place.value;
  return (
    <div class={`day-label${isIdle.value ? ' is-idle' : ''}`} style={{ transform: `translateY(${shift}px)` }} aria-hidden="true">
      <button class="day" type="button" tabIndex={-1} onClick={() => onPress(date)}>
        {formatDay(date)}
      </button>
    </div>
  );
};
