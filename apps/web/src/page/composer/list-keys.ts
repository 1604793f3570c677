import type { Signal } from '@preact/signals';

/** A list above the field of which one is chosen. */
interface ChosenList {
  /** The place of the marked one. */
  at: Signal<number>;
  length: number;
  /** How many stand side by side; undefined for a list of lines. */
  columns?: number;
  choose: (index: number) => void;
  leave: () => void;
}

/** How many items of a grid stand in its first row. */
export function columnsOf(grid: Element | null): number {
  const tops = [...(grid?.children ?? [])].map((item) => item.getBoundingClientRect().top);
  return Math.max(1, tops.filter((top) => top === tops[0]).length);
}

/** The place that an arrow leads to. The end of a list leads to its beginning, but the sides of a grid lead nowhere else. Pure. */
export function stepInList(key: string, at: number, length: number, columns?: number): number | undefined {
  const step = { ArrowDown: columns ?? 1, ArrowUp: -(columns ?? 1), ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step === undefined) return undefined;
  if (columns === undefined) return key === 'ArrowDown' || key === 'ArrowUp' ? (at + step + length) % length : undefined;
  const next = at + step;
  return next >= 0 && next < length ? next : at;
}

/** Goes through such a list by keys. @returns whether the key was for the list */
export function takeListKey(key: string, { at, length, columns, choose, leave }: ChosenList): boolean {
  const next = stepInList(key, at.value, length, columns);
  if (next !== undefined) {
    at.value = next;
    return true;
  }
  switch (key) {
    case 'Enter':
    case 'Tab':
      choose(at.value);
      return true;
    case 'Escape':
      leave();
      return true;
    default:
      return false;
  }
}
