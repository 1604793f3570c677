/** What the statistics of a connection tell of it. */
export interface Quality {
  /** 0 (nothing is known) to 4 (good). */
  quality: number;
  /** A relay passes on what is sent. */
  isRelayed: boolean;
}

interface Report {
  type: string;
  state?: string;
  nominated?: boolean;
  currentRoundTripTime?: number;
  localCandidateId?: string;
  remoteCandidateId?: string;
  selectedCandidatePairId?: string;
  candidateType?: string;
  packetsLost?: number;
  packetsReceived?: number;
}

/** Packets so far. */
export interface Counts {
  received: number;
  lost: number;
}

/** Reads statistics. @param before the counts that were returned the last time */
export function readQuality(stats: Iterable<[string, unknown]>, before: Counts): Quality & { counts: Counts } {
  const reports = new Map(stats as Iterable<[string, Report]>);
  const counts: Counts = { received: 0, lost: 0 };
  let pair: Report | undefined;
  for (const report of reports.values()) {
    if (report.type === 'inbound-rtp') {
      counts.received += report.packetsReceived ?? 0;
      counts.lost += Math.max(0, report.packetsLost ?? 0);
    } else if (report.type === 'transport' && report.selectedCandidatePairId) pair = reports.get(report.selectedCandidatePairId);
    else if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded') pair ??= report;
  }
  const isRelayed = [pair?.localCandidateId, pair?.remoteCandidateId].some((id) => id !== undefined && reports.get(id)?.candidateType === 'relay');
  const [received, lost] = [counts.received - before.received, Math.max(0, counts.lost - before.lost)];
  if (!pair || received <= 0) return { quality: 0, isRelayed, counts };
  const share = lost / (received + lost);
  const roundTripS = pair.currentRoundTripTime ?? 0;
  // Bounds as people notice them: 3 % and 0.3 s can be heard, 20 % and 1 s make it hard to talk.
  const quality = [[0.03, 0.3], [0.08, 0.6], [0.2, 1]].findIndex(([lossMax, timeMax]) => share <= lossMax! && roundTripS <= timeMax!);
  return { quality: quality < 0 ? 1 : 4 - quality, isRelayed, counts };
}
