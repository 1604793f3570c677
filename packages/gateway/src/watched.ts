import type { CloseReason } from './close-reason.ts';

/** A connection that the gateway's timer checks. */
export interface Watched {
  /** Closes the connection if it exceeds a time limit. @param nowMs by `monotonicMs` */
  watch(nowMs: number): void;
  /** Stops reading; running requests are still answered. */
  stopReading(): void;
  /** Closes the connection. With `end`, what was written is sent first. */
  close(reason: CloseReason, how?: { end: boolean }): void;
}
