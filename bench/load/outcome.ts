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
  /** Each send, where they are to be told apart. */
  sends?: readonly SentCall[];
  /** Times by name, if a command measures several things. */
  byName?: Record<string, number[]>;
}

/** A send of an account that repeats it until it is answered. */
export interface SentCall {
  /** Who sent. */
  sender: number;
  /** The node that served the sender's key at first. */
  owner: string;
  /** The node, or what stands before the nodes, to which the sender was connected. */
  by: string;
  /** When it was sent first, in Unix milliseconds with fractions. */
  atMs: number;
  /** Until it was answered. */
  ms: number;
}

/** Loopback addresses to connect from, so that limits per address and port ranges are no bottleneck; 127.0.0.2 is that of a proxy in `npm run cluster`. */
export function sourceAddress(n: number): string {
  return `127.0.0.${(n % 8) + 3}`;
}
