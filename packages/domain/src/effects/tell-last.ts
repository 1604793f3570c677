import type { OtherHomes } from '@aerogram/cluster';
import { appendHomeFramesLast, type Tx } from '@aerogram/storage';

import { type Effect, packPlain } from './effect.ts';

/** Where an operation puts what it does to people elsewhere: `Boxes`, or {@link tellLast}. */
export interface Told {
  tell(dc: number, effect: Effect): void;
}

/**
 * Tells other data centres what a transaction does that opens no boxes. Written with the COMMIT, without a seal (see `FrameSeals`): nothing of it is restored when it
 * is returned.
 * @param date unix seconds
 */
export function tellLast(tx: Tx, homes: Pick<OtherHomes, 'framesWritten'> | undefined, date: number): Told {
  return {
    tell(dc, effect) {
      appendHomeFramesLast(tx, dc, [packPlain(effect)], date);
      tx.afterCommit(() => homes?.framesWritten(dc));
    },
  };
}
