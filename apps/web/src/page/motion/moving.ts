import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { MovingList } from './moving-list.ts';
import { prefersStill } from './use-in-sight.ts';

/** Stickers and emoji that move at once, of all that can be seen. */
const MOVING_MAX = 50;

const list = new MovingList(MOVING_MAX);

/** Whether something may move now. @param wants it can be seen, and has something that moves */
export function useMoves(wants: boolean): ReadonlySignal<boolean> {
  const moves = useSignal(false);
  useEffect(() => {
    if (!wants || prefersStill()) return undefined;
    const stop = list.want((value) => (moves.value = value));
    return () => {
      stop();
      moves.value = false;
    };
  }, [wants]);
  return moves;
}
