/** What came of a command; times are milliseconds. */
export interface Outcome {
  operations: number;
  elapsedMs: number;
  /** From the call to its answer. */
  ackMs: number[];
  /** From the call to the push at the receiver. */
  deliveredMs?: number[];
  /** Times by name, where a command measures several things. */
  byName?: Record<string, number[]>;
}

/** Loopback addresses to connect from, so that limits per address and port ranges do not become the bottleneck. */
export function sourceAddress(n: number): string {
  return `127.0.0.${(n % 8) + 2}`;
}
