/** Times and bounds of the links. Tests choose shorter ones. */
export interface RelayLimits {
  /** How often each end says that it is there, and how long it may be silent, in milliseconds. */
  beatMs: number;
  silentMs: number;
  /** The pause before a home is dialled again, or a batch is applied again: it doubles from the first to the last, and half of it is left to chance. In milliseconds. */
  retryFirstMs: number;
  retryLastMs: number;
  /** How often the tables are read for what other processes have changed, in milliseconds. */
  pollMs: number;
  /** How often the state of the links is confirmed in the table, in milliseconds. */
  confirmMs: number;
  /** How long frames are gathered, at most, while those before them are under way, in milliseconds. */
  gatherMs: number;
  /** How long acknowledgements are gathered before they are written, in milliseconds. */
  ackMs: number;
  /** The most frames and bytes of frames in one message. */
  batchFrames: number;
  batchBytes: number;
  /** Bytes of messages that may be under way; a further message waits. */
  windowBytes: number;
  /** How long an answer to a question is waited for, in milliseconds. */
  askMs: number;
  /** The longest question and answer, in bytes. */
  maxAskBytes: number;
  /** The most questions under way to, and from, one home. */
  maxAsks: number;
  /** The longest hint, and the most bytes of hints that may wait to be sent. */
  maxHintBytes: number;
  maxHintsWaiting: number;
  /** How many hints of one home are taken at once, and how many more in each second; others are dropped. */
  hintsAtOnce: number;
  hintsPerS: number;
}

/** The limits unless others are chosen. */
export const RELAY_LIMITS: RelayLimits = {
  beatMs: 1000, silentMs: 4000, retryFirstMs: 100, retryLastMs: 5000, pollMs: 1000, confirmMs: 5000, gatherMs: 10, ackMs: 250,
  batchFrames: 500, batchBytes: 512 * 1024, windowBytes: 2 * 1024 * 1024,
  askMs: 5000, maxAskBytes: 1024 * 1024, maxAsks: 256, maxHintBytes: 16 * 1024, maxHintsWaiting: 256 * 1024, hintsAtOnce: 2000, hintsPerS: 1000,
};
