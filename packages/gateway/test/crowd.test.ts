import { describe, expect, test } from 'vitest';

import type { LiveSession } from '../src/live-session.ts';
import { Crowd, type Follower, type Push, type Run } from '../src/updates/crowd.ts';

const followerOf = (n: number): Follower => ({ session: { sessionId: BigInt(n), authKeyId: BigInt(n) } as LiveSession, viewerId: BigInt(n) });
const PUSH: Push = { events: [], fromPts: 1, isShared: true, project: () => undefined };

function crowdOf(count: number): { crowd: Crowd; followers: Follower[] } {
  const crowd = new Crowd();
  const followers = Array.from({ length: count }, (_, n) => followerOf(n));
  for (const follower of followers) crowd.add(follower);
  return { crowd, followers };
}

/** Takes all who have not got a push. */
function takeAll(crowd: Crowd, run: Run, most = Infinity): bigint[] {
  const taken: bigint[] = [];
  while (taken.length < most) {
    const follower = crowd.take(run);
    if (follower === undefined) break;
    taken.push(follower.viewerId);
  }
  return taken;
}

describe('the crowd of a channel', () => {
  test('hands a push to those who were there when it was planned, once each, whoever joins and leaves meanwhile', () => {
    const { crowd, followers } = crowdOf(6);
    const run = crowd.begin(PUSH);
    expect(takeAll(crowd, run, 2)).toEqual([0n, 1n]);
    crowd.add(followerOf(9));
    crowd.remove(followers[0]!);
    crowd.remove(followers[4]!);
    expect(takeAll(crowd, run)).toEqual([2n, 3n, 5n]);
    expect(crowd.end(run)).toEqual([]);
    expect(crowd.size).toBe(5);
  });

  test('lists everybody for a push but the one whom it is about', () => {
    const { crowd } = crowdOf(3);
    crowd.add({ ...followerOf(9), viewerId: 1n });
    expect(crowd.viewersOf(crowd.begin({ ...PUSH, exceptUserId: 1n }))).toEqual([0n, 2n]);
    expect(crowd.viewersOf(crowd.begin(PUSH))).toEqual([0n, 1n, 2n]);
  });

  test('keeps the ranges of later pushes, too', () => {
    const { crowd, followers } = crowdOf(3);
    const first = crowd.begin(PUSH);
    crowd.add(followerOf(9));
    const second = crowd.begin(PUSH);
    crowd.remove(followers[1]!);
    expect(takeAll(crowd, first)).toEqual([0n, 2n]);
    expect(takeAll(crowd, second)).toEqual([0n, 2n, 9n]);
  });

  test('knows what is on its way to a session', () => {
    const { crowd, followers } = crowdOf(3);
    const [first, second] = [{ ...PUSH, fromPts: 1 }, { ...PUSH, fromPts: 2 }];
    const run = crowd.begin(first);
    crowd.begin(second);
    const late = followerOf(9);
    crowd.add(late);
    takeAll(crowd, run, 2);
    run.pending = followers[1];
    expect(followers.map((one) => crowd.missing(one))).toEqual([[second], [first, second], [first, second]]);
    expect(crowd.missing(late)).toEqual([]);
    expect(crowd.missing(followerOf(7))).toBeUndefined();
  });

  test('tells who has not got a push that failed', () => {
    const { crowd, followers } = crowdOf(4);
    const run = crowd.begin(PUSH);
    takeAll(crowd, run, 2);
    run.pending = followers[1];
    crowd.add(followerOf(9));
    expect(crowd.end(run)).toEqual(followers.slice(1));
    const next = crowd.begin(PUSH);
    takeAll(crowd, next, 2);
    next.pending = followers[1];
    crowd.remove(followers[1]!);
    expect(crowd.isTaken(next, followers[1]!)).toBe(false);
    expect(crowd.end(next).map(({ viewerId }) => viewerId)).toEqual([2n, 3n, 9n]);
  });
});
