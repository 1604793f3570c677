import type { CloseReason } from '../close-reason.ts';

/** A connection that the gateway's timer looks at. */
export interface Watched {
  /** Closes what has waited too long. @param nowMs by `monotonicMs` */
  watch(nowMs: number): void;
  /** Takes in nothing more; what runs is still answered. */
  stopReading(): void;
  /** Closes for good; `end` lets what was written leave first. */
  close(reason: CloseReason, how?: { end: boolean }): void;
}
