import { Long, type tl } from '@mtcute/node';
import { describe, expect, test } from 'vitest';
import { BoxState } from '../src/box-state.ts';

const SELF = 10;
const BOB = 18;

function message(id: number, more: Partial<tl.RawMessage> = {}): tl.RawMessage {
  return { _: 'message', id, peerId: { _: 'peerUser', userId: BOB }, fromId: { _: 'peerUser', userId: BOB }, date: 1, message: `m${id}`, ...more };
}

function arrival(id: number, pts: number, ptsCount = 1): tl.RawUpdateNewMessage {
  return { _: 'updateNewMessage', message: message(id), pts, ptsCount };
}

function container(updates: tl.TypeUpdate[], users = [BOB]): tl.RawUpdates {
  return { _: 'updates', updates, chats: [], date: 1, seq: 0, users: users.map((id) => ({ _: 'user', id, accessHash: Long.ONE, firstName: 'x' })) };
}

function stateAt(pts: number): BoxState {
  const state = new BoxState(SELF);
  state.pts = pts;
  return state;
}

describe('the strict state of a box', () => {
  test('applies what continues its pts and keeps the rest until the hole is filled', () => {
    const state = stateAt(1);
    state.applyUpdates(container([arrival(2, 3)]), 'answer');
    expect(state.hasHole).toBe(true);
    expect(state.messages.size).toBe(0);
    state.applyUpdates(container([arrival(1, 2)]), 'push');
    expect([...state.messages.keys()]).toEqual([1, 2]);
    expect(state.pts).toBe(3);
    expect(state.violations).toEqual([]);
  });

  test('a repeat changes nothing', () => {
    const state = stateAt(1);
    state.applyUpdates(container([arrival(1, 2)]), 'answer');
    state.applyUpdates(container([arrival(1, 2)]), 'answer');
    expect(state.pts).toBe(2);
    expect(state.violations).toEqual([]);
  });

  test('rule P12: a peer that is missing in the answer, occurs twice or is min is a violation', () => {
    const state = stateAt(1);
    state.applyUpdates(container([arrival(1, 2)], []), 'push');
    expect(state.violations).toEqual([expect.stringMatching(/rule P12: message 1 .* names 18/), expect.stringMatching(/rule P12/)]);
    const twice = stateAt(1);
    twice.applyUpdates(container([arrival(1, 2)], [BOB, BOB]), 'push');
    expect(twice.violations).toEqual([expect.stringContaining('twice')]);
    const min = stateAt(1);
    const updates = container([arrival(1, 2)]);
    Object.assign(updates.users[0]!, { min: true });
    min.applyUpdates(updates, 'push');
    expect(min.violations).toEqual([expect.stringContaining('min')]);
  });

  test('rule P12: a short update may only name users whom the client has seen', () => {
    const short: tl.RawUpdateShortMessage = { _: 'updateShortMessage', id: 1, userId: BOB, message: 'hi', pts: 2, ptsCount: 1, date: 1 };
    const stranger = stateAt(1);
    stranger.applyUpdates(short, 'push');
    expect(stranger.violations).not.toEqual([]);
    const friend = stateAt(1);
    friend.addUsers([{ _: 'user', id: BOB }]);
    friend.applyUpdates(short, 'push');
    expect(friend.violations).toEqual([]);
  });

  test('pushes that go back, and overlapping steps, are violations', () => {
    const state = stateAt(1);
    state.applyUpdates(container([arrival(1, 2)]), 'push');
    state.applyUpdates(container([arrival(1, 2)]), 'push');
    expect(state.violations).toEqual([expect.stringContaining('pushed pts 2 after 2')]);
    const overlap = stateAt(5);
    overlap.applyUpdates(container([arrival(1, 6, 3)]), 'answer');
    expect(overlap.violations).toEqual([expect.stringContaining('overlaps')]);
  });

  test('rule P14: a seq other than 0 is a violation', () => {
    const state = stateAt(1);
    state.applyUpdates({ ...container([]), seq: 4 }, 'push');
    expect(state.violations).toEqual([expect.stringContaining('seq is 4')]);
  });
});
