/** The DC that clients start with, so the home of a server that plays it. */
const USUAL_HOME = 2;
/** Test DCs are numbered from here on. */
const TEST_DC_OFFSET = 10_000;

/** Which data centres this server plays, and so whose state is in its database. */
export interface DcMap {
  /** The DC that gives out ids here. */
  readonly home: number;
  /** Every DC that this server plays, ascending. */
  readonly ids: readonly number[];
  plays(dc: number): boolean;
  /**
   * The DC of a key.
   * @param handshakeDc what the client put into p_q_inner_data: the DC, negative for media, 10,000 more for test
   * @returns a DC that this server plays; the home when the client named none or another
   */
  dcOfKey(handshakeDc: number | undefined): number;
}

/**
 * Makes the map of a server.
 * @param options.dcIds the DC ids it plays (`AEROGRAM_DC_IDS`), 1 … 5
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
