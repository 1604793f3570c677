import type { BoxEvent } from '@aerogram/domain';

/**
 * Makes a run of events read from the database one without holes, from a session's `sent` to `pts`.
 *
 * A message that was deleted meanwhile is in no row, so the position where it came is told of by nothing; a client that
 * meets such a hole in pushes waits and fetches the difference. An `updateDeleteMessages` that names nobody takes the
 * place, as it does on the official server.
 */
export function fillHoles(events: readonly BoxEvent[], sent: number, pts: number): BoxEvent[] {
  const whole: BoxEvent[] = [];
  let at = sent;
  const fillTo = (end: number): void => {
    if (end <= at) return;
    const ptsCount = end - at;
    whole.push({
      kind: 'update',
      pts: end,
      ptsCount,
      date: 0,
      update: { _: 'updateDeleteMessages', messages: [], pts: end, pts_count: ptsCount },
      looseSeq: 0,
    });
    at = end;
  };
  for (const event of events) {
    fillTo(event.pts - event.ptsCount);
    whole.push(event);
    at = Math.max(at, event.pts);
  }
  fillTo(pts);
  return whole;
}
