import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';
import { AccountState } from '../src/state/account-state.ts';
import { cellsOf, isOwnCall } from '../src/state/own-calls.ts';
import { keepFullUser } from '../src/state/user-effects.ts';

const SELF = 10;
const BOB = 18n;

function message(id: number, more: Partial<tl.message> = {}): tl.message {
  return { _: 'message', id, peer_id: { _: 'peerUser', user_id: BOB }, from_id: { _: 'peerUser', user_id: BOB }, date: 1, message: `m${id}`, ...more };
}

function arrival(id: number, pts: number, pts_count = 1): tl.updateNewMessage {
  return { _: 'updateNewMessage', message: message(id), pts, pts_count };
}

function container(updates: tl.Update[], users = [BOB]): tl.updates {
  return { _: 'updates', updates, chats: [], date: 1, seq: 0, users: users.map((id) => ({ _: 'user', id, access_hash: 1n, first_name: 'x' })) };
}

function stateAt(pts: number): AccountState {
  const state = new AccountState(SELF);
  state.pts = pts;
  return state;
}

describe('the strict state of an account', () => {
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

  test('a difference that an answer has overtaken is asked for again, and one that goes back by itself is a violation', () => {
    const difference = (pts: number): tl.updates.difference => ({
      _: 'updates.difference', new_messages: [message(1)], new_encrypted_messages: [], other_updates: [], chats: [], users: container([]).users, state: { _: 'updates.state', pts, qts: 0, date: 1, seq: 0, unread_count: 0 },
    });
    const state = stateAt(1);
    state.applyUpdates(container([arrival(1, 2), arrival(2, 3)]), 'answer');
    expect(state.applyDifference(difference(2), 1)).toBe(true);
    expect([state.pts, state.violations]).toEqual([3, []]);
    expect(state.applyDifference(difference(2), 3)).toBe(false);
    expect(state.violations).toEqual(['a difference went back from pts 3 to 2']);
  });

  test('rule P12: a peer that is missing in the answer, occurs twice or is min is a violation', () => {
    const state = stateAt(1);
    state.applyUpdates(container([arrival(1, 2)], []), 'push');
    expect(state.violations).toEqual([expect.stringMatching(/rule P12: updateNewMessage by push names 18/)]);
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
    const short: tl.updateShortMessage = { _: 'updateShortMessage', id: 1, user_id: BOB, message: 'hi', pts: 2, pts_count: 1, date: 1 };
    const stranger = stateAt(1);
    stranger.applyUpdates(short, 'push');
    expect(stranger.violations).not.toEqual([]);
    const friend = stateAt(1);
    friend.addUsers([{ _: 'user', id: BOB }]);
    friend.applyUpdates(short, 'push');
    expect(friend.violations).toEqual([]);
  });

  test('a poll of a group that the account has left is taken over as it is loaded then', () => {
    const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
    const poll = (closed: boolean | undefined, results: Partial<tl.pollResults>): tl.messageMediaPoll => ({
      _: 'messageMediaPoll', poll: { _: 'poll', id: 5n, closed, question: words('?'), answers: [], hash: 0n }, results: { _: 'pollResults', ...results },
    });
    const [state, loaded] = [stateAt(1), stateAt(1)];
    state.box.put(message(1, { media: poll(undefined, { total_voters: 0 }) }));
    loaded.box.put(message(1, { media: poll(true, { min: true }) }));
    state.readPolls(loaded);
    expect(state.box.describe()).toEqual(loaded.box.describe());
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

  test('a channel that the account left and joined again is read, because what happened in between is not pushed', () => {
    const state = stateAt(1);
    const isIn = (date: number): tl.updates => ({ ...container([{ _: 'updateChannel', channel_id: 7n }]), chats: [{ _: 'channel', id: 7n, access_hash: 1n, title: 'c', photo: { _: 'chatPhotoEmpty' }, date }] });
    state.applyUpdates(isIn(100), 'push');
    const [id] = state.channels.behind;
    state.channels.open(id!, 5);
    state.channels.behind.clear();
    state.applyUpdates(isIn(100), 'push');
    expect(state.channels.behind.size, 'a change of its title').toBe(0);
    state.applyUpdates(isIn(103), 'push');
    expect([...state.channels.behind]).toEqual([id]);
    expect(state.channels.find(id!)).toBeUndefined();
  });

  test('an update whose effect nobody has described is written down', () => {
    const state = stateAt(1);
    state.applyUpdates(container([{ _: 'updateReadFeaturedStickers' }]), 'push');
    expect(state.violations).toEqual([expect.stringContaining('does not say what it changes')]);
  });
});

describe('what an account has besides messages', () => {
  const draft = (text: string): tl.updateDraftMessage => ({ _: 'updateDraftMessage', peer: { _: 'peerUser', user_id: BOB }, draft: { _: 'draftMessage', message: text, date: 1 } });

  test('a missing update shows as a difference', () => {
    const [told, untold] = [stateAt(1), stateAt(1)];
    told.applyUpdates(container([draft('a')]), 'push');
    untold.cells.refresh(told.cells);
    expect(told.describe()).toMatchObject({ 'draft 18': { message: 'a' } });
    expect(untold.describe()).not.toHaveProperty('draft 18');
  });

  test('every field of the own profile is compared, but not those that other updates announce', () => {
    const state = stateAt(1);
    const full: tl.userFull = { _: 'userFull', id: BigInt(SELF), settings: { _: 'peerSettings' }, notify_settings: { _: 'peerNotifySettings' }, common_chats_count: 0, pinned_msg_id: 7 };
    keepFullUser(state, { ...full, sponsored_enabled: true, business_intro: { _: 'businessIntro', title: 'a', description: 'b' } });
    expect(state.describe()['self profile']).toEqual({ _: 'userFull', id: String(SELF), common_chats_count: 0, sponsored_enabled: true, business_intro: { _: 'businessIntro', title: 'a', description: 'b' } });
  });

  test('a device reads its own profile again after it set something of the account by a call', () => {
    const profile = ['self', 'self profile'];
    expect(cellsOf({ _: 'account.toggleSponsoredMessages', enabled: true }, SELF)).toEqual(profile);
    expect(cellsOf({ _: 'account.updateBusinessIntro' }, SELF)).toEqual(profile);
    expect(cellsOf({ _: 'account.setGlobalPrivacySettings', settings: { _: 'globalPrivacySettings' } }, SELF)).toEqual(profile);
    expect(cellsOf({ _: 'account.resetNotifySettings' }, SELF)).toEqual(['notify *']);
    expect(['account.updateStatus', 'account.getContactSignUpNotification', 'account.checkUsername', 'users.getFullUser'].map((method) => [isOwnCall(method), cellsOf({ _: method } as tl.AnyMethod, SELF)]))
      .toEqual([[true, []], [false, []], [false, []], [false, []]]);
  });

  test('what is only known to have changed is read again, and nothing else', () => {
    const [fresh, state] = [stateAt(1), stateAt(1)];
    fresh.applyUpdates(container([draft('a'), { _: 'updateWebBrowserSettings', open_external_browser: true }]), 'push');
    state.cells.expire('draft *');
    state.cells.refresh(fresh.cells);
    expect(state.describe()).toHaveProperty('draft 18');
    expect(state.describe()).not.toHaveProperty('browser');
    state.applyUpdates(container([{ _: 'updateDraftMessage', peer: { _: 'peerUser', user_id: BOB }, draft: { _: 'draftMessageEmpty' } }]), 'push');
    expect(state.describe()).not.toHaveProperty('draft 18');
  });
});
