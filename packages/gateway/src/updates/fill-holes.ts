import type { BoxEvent } from '@aerogram/domain';

/**
 * Fills the holes in a run of events read from the database, from a session's `sent` to `pts`.
 *
 * A message that was deleted meanwhile has no row, so nothing accounts for its pts. A client that sees such a hole in pushed updates waits
 * and then fetches the difference. An `updateDeleteMessages` without ids fills the hole, as on the official server.
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
