/** Result of a command; times are in milliseconds. */
export interface Outcome {
  operations: number;
  elapsedMs: number;
  /** Times from the call to its answer. */
  ackMs: number[];
  /** Times from the call to the push at the receiver. */
  deliveredMs?: number[];
  /** Number of pushes that arrived, if not all of them are in `deliveredMs`. */
  deliveries?: number;
  /** Times by name, if a command measures several things. */
  byName?: Record<string, number[]>;
}

/** Loopback addresses to connect from, so that limits per address and port ranges are no bottleneck. */
export function sourceAddress(n: number): string {
  return `127.0.0.${(n % 8) + 2}`;
}
