/** The DC that clients start with, and therefore the home DC of a server that serves it. */
const USUAL_HOME = 2;
/** Offset of the ids of test DCs. */
const TEST_DC_OFFSET = 10_000;

/** The DCs that this server serves; their state is in its database. */
export interface DcMap {
  /** The DC whose ids are allocated here. */
  readonly home: number;
  /** Every DC that this server serves, ascending. */
  readonly ids: readonly number[];
  plays(dc: number): boolean;
  /**
   * Returns the DC of a key.
   * @param handshakeDc the DC in the client's p_q_inner_data: negative for media, plus 10,000 for test
   * @returns a DC that this server serves; the home DC if the client named none or another one
   */
  dcOfKey(handshakeDc: number | undefined): number;
}

/**
 * Creates the map of a server.
 * @param options.dcIds the DC ids it serves (`AEROGRAM_DC_IDS`), 1 … 5
 */
export function createDcMap(options: { dcIds: readonly number[] }): DcMap {
  const ids = [...new Set(options.dcIds)].sort((a, b) => a - b);
  const first = ids[0];
  if (first === undefined) throw new RangeError('a server plays at least one DC');
  const home = ids.includes(USUAL_HOME) ? USUAL_HOME : first;
  const plays = (dc: number): boolean => ids.includes(dc);

  return {
    home,
    ids,
    plays,
    dcOfKey(handshakeDc) {
      const dc = Math.abs(handshakeDc ?? 0) % TEST_DC_OFFSET;
      return plays(dc) ? dc : home;
    },
  };
}
