/** One entry on its way to its destination. */
export interface FrameEntry {
  out_seq: bigint;
  kind: string;
  payload: Uint8Array;
  date: number;
}

/** Entries of one source for one destination, in the order in which they were committed. */
export interface OutboxFrame {
  source_owner: bigint;
  dest: string;
  /** The last entry that the sender knows to be applied; 0 when it knows of none. */
  after_seq: bigint;
  entries: FrameEntry[];
}

/** How far the destination has come with a source. */
export interface FrameAnswer {
  applied_seq: bigint;
  /** Why the entry after `applied_seq` was not applied; absent when all were. */
  error?: string;
}
