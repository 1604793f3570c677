import type { BoxEvent } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

/** Makes the update that fills a hole. */
export type MakeHoleUpdate = (pts: number, ptsCount: number) => tl.Update;

/** Fills a hole in a user's message box. */
export const deleteNothing: MakeHoleUpdate = (pts, ptsCount) => ({ _: 'updateDeleteMessages', messages: [], pts, pts_count: ptsCount });

/**
 * Fills the holes in a run of events read from the database, from a session's `sent` to `pts`.
 *
 * A message that was deleted meanwhile has no row, so nothing accounts for its pts. A client that sees such a hole in pushed updates waits
 * and then fetches the difference. A deletion without ids fills the hole, as on the official server.
 * @param makeUpdate makes the update that fills a hole of `ptsCount` up to `pts`
 */
export function fillHoles(events: readonly BoxEvent[], sent: number, pts: number, makeUpdate: MakeHoleUpdate): BoxEvent[] {
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
      update: makeUpdate(end, ptsCount),
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
