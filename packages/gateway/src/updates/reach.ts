import type { BoxEvent, BoxPosition, BoxReach } from '@aerogram/domain';

/** Distinguishes the events of one message box. */
export function placeOf(event: BoxEvent): string {
  return event.kind === 'update' && event.ptsCount === 0 ? `l${event.looseSeq}` : String(event.pts);
}

/** The reach of a session that had `reach` and then got `events`. */
export function advance(reach: BoxReach, events: readonly BoxEvent[]): BoxReach {
  let { pts, looseSeq, loosePts } = reach;
  for (const event of events) {
    if (event.ptsCount > 0) {
      pts = Math.max(pts, event.pts);
    } else if (event.kind === 'update' && event.looseSeq > looseSeq) {
      looseSeq = event.looseSeq;
      loosePts = event.pts;
    }
  }
  return { pts, looseSeq, loosePts };
}

/** Whether a session at `reach` lacks something that a box at `place` has. */
export function isBefore(reach: BoxReach, { pts, looseSeq }: BoxPosition): boolean {
  return reach.pts < pts || reach.looseSeq < looseSeq;
}

/** The largest reach that none of these is behind. */
export function furthestBack(reaches: readonly BoxReach[]): BoxReach {
  return {
    pts: Math.min(...reaches.map(({ pts }) => pts)),
    looseSeq: Math.min(...reaches.map(({ looseSeq }) => looseSeq)),
    loosePts: Math.min(...reaches.map(({ loosePts }) => loosePts)),
  };
}
