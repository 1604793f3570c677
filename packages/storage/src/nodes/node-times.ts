/** How long a row of `nodes` is valid, and for how long its holder relies on it; all in milliseconds, counted from when a renewal was sent. */
export interface NodeTimes {
  /** By the database's clock. */
  leaseMs: number;
  renewMs: number;
  /** A renewal that takes longer counts as failed. */
  answerMs: number;
  /** Later, no transaction begins: the longest one ends before the lease does. */
  writesMs: number;
  /** Later, nothing is answered. */
  answersMs: number;
}

/** Of a server that shares its database with no other: nobody waits for its lease but whoever replaces it. */
export const ALONE_TIMES: NodeTimes = { leaseMs: 10_000, renewMs: 2_000, answerMs: 3_000, writesMs: 5_000, answersMs: Number.POSITIVE_INFINITY };

/** Of a node of a cluster, whose clients are served by others 5 s after its end. */
export const NODE_TIMES: NodeTimes = { leaseMs: 3_500, renewMs: 500, answerMs: 1_000, writesMs: 2_000, answersMs: 2_500 };

/** A lease that was not renewed for so long belongs to nobody, whatever the database's clock says: it was set back. */
export const STALE_MS = 12_000;
