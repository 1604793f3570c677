import { channelTopic, createInProcessBus, userTopic } from '@aerogram/bus';
import { createFaultyBus, type Fate, type FaultyBus } from '@aerogram/bus/testing';
import type { BoxEvent, BoxHint, Origin } from '@aerogram/domain';
import { createFakeClock, createMetrics, silentLogger } from '@aerogram/runtime';
import type { FakeClock } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { UpdatePusher } from '../src/live-session.ts';
import { createUpdatePusher } from '../src/updates/pusher.ts';
import type { ChannelSource } from '../src/updates/update-source.ts';
import { FakeBoxes, FakeSession } from './fake-boxes.ts';

const CHANNEL_ID = 7n;
const CHANNEL = -(10n ** 12n) - CHANNEL_ID;

let boxes: FakeBoxes;
let clock: FakeClock;
let bus: FaultyBus;
let pusher: UpdatePusher & AsyncDisposable;
let fate: (topic: string) => Fate;
/** The members, each with the pts of the channel before they joined. */
let members: Map<bigint, number>;
let listings: number;
let failures: number;
/** How many reads of positions fail. */
let positionFailures: number;

const channels: ChannelSource = {
  projectClasses: () => Promise.resolve(undefined),
  listFollowed(userId) {
    listings++;
    if (failures-- > 0) return Promise.reject(new Error('the database is away'));
    const joinedPts = members.get(userId);
    return Promise.resolve(joinedPts === undefined ? [] : [{ peerId: CHANNEL, joinedPts }]);
  },
  readPositions(peerIds) {
    if (positionFailures-- > 0) return Promise.reject(new Error('the database is away'));
    return Promise.resolve(new Map(peerIds.map((peerId) => [peerId, boxes.position(peerId)])));
  },
  listEventsSince: (peerId, pts, limit) => boxes.listEventsSince(peerId, { pts, looseSeq: 0, loosePts: 0 }, limit),
  projectEvents: (viewerId, _peerId, events) => (members.has(viewerId) ? boxes.projectEvents(viewerId, events) : Promise.resolve(undefined)),
  projectTransient: (viewerId, _peerId, update) => boxes.projectTransient(viewerId, update),
  projectTooLong: () => Promise.resolve(undefined),
  fillHole: (_peerId, pts, pts_count) => ({ _: 'updateDeleteChannelMessages', channel_id: CHANNEL_ID, messages: [], pts, pts_count }),
};

beforeEach(() => {
  boxes = new FakeBoxes();
  clock = createFakeClock();
  fate = () => 'deliver';
  members = new Map();
  listings = 0;
  failures = 0;
  positionFailures = 0;
  bus = createFaultyBus(createInProcessBus(), (topic) => fate(topic));
  pusher = createUpdatePusher({ source: boxes, channels, bus, clock, log: silentLogger, metrics: createMetrics() });
});
afterEach(async () => {
  await pusher[Symbol.asyncDispose]();
});

/** Adds one event to the channel and publishes its hint. */
function post(origin?: Origin): BoxEvent {
  const event = boxes.append(CHANNEL);
  const hint: BoxHint = { kind: 'box', owner: CHANNEL, pts: event.pts, ptsCount: 1, looseCount: 0, origin, events: [event] };
  bus.publish(channelTopic(CHANNEL_ID), hint);
  return event;
}

/** Tells a user that their membership changed. */
function changeMembership(userId: bigint, isMember: boolean): void {
  if (isMember) members.set(userId, boxes.pts(CHANNEL));
  else members.delete(userId);
  const { looseSeq } = boxes.position(userId);
  const update: tl.Update = { _: 'updateChannel', channel_id: CHANNEL_ID };
  const event: BoxEvent = { kind: 'update', pts: 1, ptsCount: 0, date: 0, update, looseSeq: looseSeq + 1 };
  boxes.events.set(userId, [...(boxes.events.get(userId) ?? []), event]);
  const hint: BoxHint = { kind: 'box', owner: userId, pts: 1, ptsCount: 0, looseCount: 1, events: [event] };
  bus.publish(userTopic(userId), hint);
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

async function online(userId: bigint, id: bigint): Promise<FakeSession> {
  const session = new FakeSession(userId, id);
  await pusher.attach(session);
  return session;
}

describe('pushes of channels', () => {
  test('go to the sessions of members, except the one that caused the event', async () => {
    members.set(1n, 1).set(2n, 1);
    const [phone, desktop, other, stranger] = [await online(1n, 100n), await online(1n, 101n), await online(2n, 102n), await online(3n, 103n)];
    const own = post(phone.origin);
    await pusher.answered(phone, [{ owner: CHANNEL, pts: own.pts, ptsCount: 1 }]);
    post();
    await settle();
    expect(phone.got).toEqual([3]);
    expect([desktop.got, other.got, stranger.got]).toEqual([[2, 3], [2, 3], []]);
  });

  test('begin with what happened since the user has joined, and end when the user leaves', async () => {
    const session = await online(1n, 100n);
    post();
    changeMembership(1n, true);
    // Posted before the sessions of the user could be added.
    post();
    await settle();
    post();
    await settle();
    expect(session.got).toEqual([3, 4]);
    changeMembership(1n, false);
    await settle();
    post();
    await settle();
    expect(session.got).toEqual([3, 4]);
  });

  test('are repaired when hints were lost', async () => {
    members.set(1n, 1);
    const session = await online(1n, 100n);
    fate = (topic) => (topic.startsWith('channels:') ? 'drop' : 'deliver');
    post();
    post();
    await pusher.repairAll();
    expect(session.got).toEqual([2, 3]);
  });

  test('are not lost when the list of channels cannot be read at first', async () => {
    const session = await online(1n, 100n);
    failures = 1;
    changeMembership(1n, true);
    await settle();
    post();
    await pusher.repairAll();
    await settle();
    expect(session.got).toEqual([2]);
  });

  test('begin with what happened since the user has joined, even if the position of the channel cannot be read at first', async () => {
    const session = await online(1n, 100n);
    positionFailures = 1;
    changeMembership(1n, true);
    await settle();
    post();
    await settle();
    expect(session.got).toEqual([]);
    await pusher.repairAll();
    await settle();
    post();
    await settle();
    expect(session.got).toEqual([2, 3]);
  });

  test('reach a session that came while another one of the user was being added', async () => {
    members.set(1n, 1);
    const [first, second] = await Promise.all([online(1n, 100n), online(1n, 101n)]);
    post();
    await settle();
    expect([first.got, second.got]).toEqual([[2], [2]]);
    pusher.detach(first);
    post();
    await settle();
    expect([first.got, second.got]).toEqual([[2], [2, 3]]);
  });

  test('of a channel that the user has just created wait for the answer', async () => {
    const session = await online(1n, 100n);
    const first = post(session.origin);
    members.set(1n, 1);
    await pusher.answered(session, [{ owner: CHANNEL, pts: first.pts, ptsCount: 1 }]);
    post();
    await settle();
    expect(session.got.at(-1)).toBe(3);
    expect(listings).toBe(2);
  });
});
