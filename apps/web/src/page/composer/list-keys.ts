import type { Signal } from '@preact/signals';

/** A list above the field of which one is chosen. */
interface ChosenList {
  /** The place of the marked one. */
  at: Signal<number>;
  length: number;
  choose: (index: number) => void;
  leave: () => void;
}

/** Goes through such a list by keys. @returns whether the key was for the list */
export function takeListKey(key: string, { at, length, choose, leave }: ChosenList): boolean {
  switch (key) {
    case 'ArrowDown':
      at.value = (at.value + 1) % length;
      return true;
    case 'ArrowUp':
      at.value = (at.value + length - 1) % length;
      return true;
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
