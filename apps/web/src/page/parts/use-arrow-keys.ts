import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Rows by which each key moves the focus. */
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

/** A list of which only the rows near the visible part exist. */
interface ArrowKeysOptions {
  order: readonly number[];
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
  /** The attribute of a row that holds its id; the row contains one link. */
  attribute: string;
  scrollTo(index: number): void;
}

/** Lets the arrow keys move the focus over the rows of a list. The caller sets `focused` when a row gets the focus by other means. */
export function useArrowKeys({ order, scroller, attribute, scrollTo }: ArrowKeysOptions) {
  // The row that has, or would get, the focus.
  const focused = useSignal<number | undefined>(undefined);
  const wantsFocus = useRef(false);
  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[${attribute}="${focused.value}"] a`);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });
  /** @param tabStop the row that Tab reaches, from which the first key moves */
  const move = (event: KeyboardEvent, tabStop: number | undefined): void => {
    const step = STEPS[event.key];
    if (step === undefined || order.length === 0 || event.shiftKey) return;
    event.preventDefault();
    const next = Math.min(order.length - 1, Math.max(0, order.indexOf(focused.value ?? tabStop!) + step));
    focused.value = order[next];
    wantsFocus.current = true;
    scrollTo(next);
  };
  return { focused, move };
}
