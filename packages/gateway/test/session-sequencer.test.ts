import type { BoxEvent, BoxHint } from '@aerogram/domain';
import { createFakeClock } from '@aerogram/runtime';
import { beforeEach, describe, expect, test } from 'vitest';

import { deleteNothing, fillHoles } from '../src/updates/fill-holes.ts';
import { SessionSequencer } from '../src/updates/session-sequencer.ts';

let clock = createFakeClock();
beforeEach(() => {
  clock = createFakeClock();
});

/** A hint with events from → to, each with a pts_count of 1. */
function hint(from: number, to: number): BoxHint {
  const events = Array.from({ length: to - from }, (_, index): BoxEvent => event(from + index + 1));
  return { kind: 'box', owner: 1n, pts: to, ptsCount: to - from, looseCount: 0, events };
}

function event(pts: number, ptsCount = 1, looseSeq = 0): BoxEvent {
  return { kind: 'update', pts, ptsCount, date: clock.now(), update: { _: 'updateConfig' }, looseSeq };
}

const loose = (pts: number, seq: number): BoxHint => ({ kind: 'box', owner: 1n, pts, ptsCount: 0, looseCount: 1, events: [event(pts, 0, seq)] });
const at = (pts: number, looseSeq = 0): { pts: number; looseSeq: number } => ({ pts, looseSeq });
const ptsOf = (offer: string | BoxEvent[]): number[] | string =>
  typeof offer === 'string' ? offer : offer.map((item) => item.pts);

const seqsOf = (offer: string | BoxEvent[]): unknown[] | string =>
  typeof offer === 'string' ? offer : offer.map((item) => (item.kind === 'update' ? item.looseSeq : item.kind));

describe('a session’s sequencer', () => {
  test('pushes what continues, drops what is old, and cuts what overlaps', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(ptsOf(sequencer.offer(hint(10, 12), false))).toEqual([11, 12]);
    expect(sequencer.offer(hint(10, 12), false)).toBe('nothing');
    expect(sequencer.offer(hint(8, 9), false)).toBe('nothing');
    expect(ptsOf(sequencer.offer(hint(11, 14), false))).toEqual([13, 14]);
    expect(sequencer.sent).toBe(14);
  });

  test('pushes again what was pushed while an older difference was on its way', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(ptsOf(sequencer.offer(hint(10, 12), false))).toEqual([11, 12]);
    expect(seqsOf(sequencer.offer(loose(12, 1), false))).toEqual([1]);
    expect(ptsOf(sequencer.answered(0, 11)), 'a slice').toEqual([]);
    expect(sequencer.answered(0, 11, 0)).toBe('behind');
    expect(sequencer.reach).toEqual({ pts: 11, looseSeq: 0, loosePts: 11 });
    expect(ptsOf(sequencer.catchUp([event(12), event(12, 0, 1)], at(12, 1)))).toEqual([12, 12]);
    expect(ptsOf(sequencer.answered(0, 12, 1))).toEqual([]);
    expect(sequencer.answered(0, 12, 0), 'older in updates without pts only').toBe('behind');
  });

  test('reports a hole, and continues after a difference read', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(sequencer.offer(hint(11, 12), false)).toBe('hole');
    expect(ptsOf(sequencer.catchUp(hint(10, 13).events, at(13)))).toEqual([11, 12, 13]);
    expect(ptsOf(sequencer.offer(hint(13, 14), false))).toEqual([14]);
  });

  test('leaves its own events to the answer and lets later ones wait for it', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(sequencer.offer(hint(10, 11), true)).toBe('nothing');
    expect(sequencer.offer(hint(11, 12), false)).toBe('nothing');
    expect(ptsOf(sequencer.answered(10, 11))).toEqual([12]);
    expect(sequencer.sent).toBe(12);
  });

  test('accepts the answers of one batch in any order', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    sequencer.offer(hint(10, 13), true);
    sequencer.offer(hint(13, 14), false);
    expect(ptsOf(sequencer.answered(11, 12))).toEqual([]);
    expect(ptsOf(sequencer.answered(12, 13))).toEqual([]);
    expect(ptsOf(sequencer.answered(10, 11))).toEqual([14]);
  });

  test('accepts an answer that comes before its hint, with and without another before it', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(ptsOf(sequencer.answered(10, 11))).toEqual([]);
    expect(sequencer.offer(hint(10, 11), true)).toBe('nothing');
    sequencer.offer(hint(11, 12), true);
    expect(ptsOf(sequencer.answered(12, 13))).toEqual([]);
    expect(sequencer.offer(hint(12, 13), true)).toBe('nothing');
    expect(ptsOf(sequencer.answered(11, 12))).toEqual([]);
    expect(sequencer.sent).toBe(13);
  });

  test('reports a hole for an answer that follows events that were never sent', () => {
    expect(new SessionSequencer(at(10), clock).answered(11, 12)).toBe('hole');
  });

  test('lets an answer made before the session was attached be followed by what happened in between', () => {
    const sequencer = new SessionSequencer(at(12), clock);
    expect(sequencer.answered(10, 10)).toBe('behind');
    expect(ptsOf(sequencer.catchUp(hint(10, 12).events, at(12)))).toEqual([11, 12]);
    expect(ptsOf(sequencer.answered(10, 10))).toEqual([]);
    expect(sequencer.sent).toBe(12);
    expect(ptsOf(new SessionSequencer(at(12), clock).answered(0, 12))).toEqual([]);
  });

  test('pushes nothing again after the answer to a call that an earlier session had made already', () => {
    const sequencer = new SessionSequencer(at(12), clock);
    expect(ptsOf(sequencer.answered(0, 12, 0))).toEqual([]);
    expect(ptsOf(sequencer.offer(hint(12, 13), false))).toEqual([13]);
    expect(ptsOf(sequencer.answered(9, 10))).toEqual([]);
    expect(sequencer.sent).toBe(13);
  });

  test('treats a difference answer as covering everything before it', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(ptsOf(sequencer.answered(0, 20))).toEqual([]);
    expect(sequencer.sent).toBe(20);
    expect(ptsOf(sequencer.answered(0, 15))).toEqual([]);
    expect(sequencer.sent).toBe(20);
  });

  test('pushes updates without pts at once, or after the event they wait for', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(ptsOf(sequencer.offer(loose(10, 1), false))).toEqual([10]);
    expect(sequencer.offer(loose(11, 2), false)).toBe('hole'); // It waits for what the following read brings.
    sequencer.offer(hint(10, 11), true);
    expect(sequencer.offer(loose(11, 3), false)).toBe('nothing');
    expect(ptsOf(sequencer.answered(10, 11))).toEqual([11, 11]);
  });

  test('keeps the order of updates without pts, and reads lost ones again', () => {
    const sequencer = new SessionSequencer(at(10, 5), clock);
    expect(seqsOf(sequencer.offer(loose(10, 6), false))).toEqual([6]);
    expect(sequencer.offer(loose(10, 8), false)).toBe('nothing');
    expect(sequencer.lacksLoose).toBe(true);
    expect(sequencer.reach).toEqual({ pts: 10, looseSeq: 6, loosePts: 10 });
    expect(seqsOf(sequencer.catchUp([event(10, 0, 7), event(10, 0, 8)], at(10, 8)))).toEqual([7, 8]);
    expect(sequencer.lacksLoose).toBe(false);
    expect(sequencer.offer(loose(10, 7), false)).toBe('nothing');
    expect(sequencer.lags(at(10, 8), 0)).toBe(false);
    expect(sequencer.lags(at(10, 9), 0)).toBe(true);
  });

  test('does not push a session its own updates without pts, but later ones', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(sequencer.offer(loose(10, 1), true)).toBe('nothing');
    expect(seqsOf(sequencer.offer(loose(10, 2), false))).toEqual([2]);
    expect(sequencer.lags(at(10, 2), 0)).toBe(false);
  });

  test('pushes its own update without pts again after an older one of another session, which may have arrived after its answer', async () => {
    const sequencer = new SessionSequencer(at(10), clock);
    const [own, next] = [loose(10, 2), loose(10, 3)];
    await clock.advance(30_000);
    expect(seqsOf(sequencer.offer(loose(10, 1), false)), 'pushed half a minute late').toEqual([1]);
    await clock.advance(30_000);
    expect(seqsOf(sequencer.offer(own, true))).toEqual([2]);
    // The repeated update may arrive after the answer to the next call, so that one is pushed again, too.
    expect(seqsOf(sequencer.offer(next, true))).toEqual([3]);
    await clock.advance(2000);
    expect(sequencer.offer(loose(10, 4), true), 'made after all that was pushed').toBe('nothing');
  });

  test('also pushes it again after older ones from a read or a difference, and after ones that still wait', async () => {
    const read = new SessionSequencer(at(10), clock);
    const second = loose(10, 2);
    expect(seqsOf(read.catchUp([event(10, 0, 1)], at(10, 1)))).toEqual([1]);
    expect(seqsOf(read.offer(second, true))).toEqual([2]);
    const answered = new SessionSequencer(at(10, 1), clock);
    expect(answered.answered(0, 10, 1)).toEqual([]);
    expect(seqsOf(answered.offer(second, true))).toEqual([2]);
    const waiting = new SessionSequencer(at(10, 1), clock);
    waiting.offer(hint(10, 11), true);
    await clock.advance(5000);
    expect(waiting.offer(loose(11, 2), false)).toBe('nothing');
    expect(waiting.offer(loose(11, 3), true)).toBe('nothing');
    expect(seqsOf(waiting.answered(10, 11))).toEqual([2, 3]);
  });

  test('pushes an update without pts together with the message that was written with it', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    const both: BoxHint = { kind: 'box', owner: 1n, pts: 11, ptsCount: 1, looseCount: 1, events: [event(10, 0, 1), event(11)] };
    expect(ptsOf(sequencer.offer(both, false))).toEqual([10, 11]);
    expect(sequencer.offer(both, false)).toBe('nothing');
  });

  test('lets an answer that covers fewer updates without pts than the session started with be followed by the rest', () => {
    const sequencer = new SessionSequencer(at(10, 5), clock);
    expect(sequencer.answered(10, 10, 5)).toEqual([]);
    expect(sequencer.answered(9, 10, 3)).toBe('behind');
    expect(sequencer.reach).toEqual({ pts: 10, looseSeq: 3, loosePts: 10 });
    expect(seqsOf(sequencer.catchUp([event(10, 0, 4), event(10, 0, 5)], at(10, 5)))).toEqual([4, 5]);
  });

  test('resets both positions after a failed projection', () => {
    const sequencer = new SessionSequencer(at(10), clock);
    const before = sequencer.reach;
    sequencer.offer(loose(10, 1), false);
    sequencer.offer(hint(10, 12), false);
    sequencer.rewind(before);
    expect(sequencer.reach).toEqual(before);
  });

  test('lags only if no pending answer explains it, or if that answer takes too long', async () => {
    const sequencer = new SessionSequencer(at(10), clock);
    expect(sequencer.lags(at(10), 100)).toBe(false);
    sequencer.offer(hint(10, 11), true);
    await clock.advance(50);
    expect(sequencer.lags(at(11), 100)).toBe(false);
    expect(sequencer.lags(at(12), 100)).toBe(true);
    sequencer.offer(hint(10, 11), true);
    await clock.advance(100);
    expect(sequencer.lags(at(11), 100)).toBe(true);
  });
});

describe('events read from the database', () => {
  const steps = (events: readonly BoxEvent[]): number[][] => events.map((item) => [item.pts - item.ptsCount, item.pts]);

  test('get filler events where messages were deleted since', () => {
    expect(steps(fillHoles([event(12), event(15)], 10, 17, deleteNothing))).toEqual([[10, 11], [11, 12], [12, 14], [14, 15], [15, 17]]);
    expect(steps(fillHoles([event(11), event(12)], 10, 12, deleteNothing))).toEqual([[10, 11], [11, 12]]);
    expect(steps(fillHoles([], 10, 12, deleteNothing))).toEqual([[10, 12]]);
    expect(steps(fillHoles([event(10, 0)], 10, 10, deleteNothing))).toEqual([[10, 10]]);
    expect(steps(fillHoles([event(11, 0), event(12)], 10, 12, deleteNothing))).toEqual([[10, 11], [11, 11], [11, 12]]);
  });
});
