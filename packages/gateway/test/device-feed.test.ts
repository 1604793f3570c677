import { createInProcessBus, userTopic } from '@aerogram/bus';
import { createFaultyBus, type Fate, type FaultyBus } from '@aerogram/bus/testing';
import type { DeviceEvent, DeviceHint } from '@aerogram/domain';
import { createFakeClock, createMetrics, type FakeClock, seededRandom, silentLogger } from '@aerogram/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createUpdatePusher } from '../src/updates/pusher.ts';
import { FakeBoxes, FakeSession, NO_CHANNELS } from './fake-boxes.ts';

const USER = 1n;

let boxes: FakeBoxes;
let clock: FakeClock;
let bus: FaultyBus;
let pusher: ReturnType<typeof createUpdatePusher>;
let fate: () => Fate;
let phone: FakeSession;
let tablet: FakeSession;

beforeEach(async () => {
  boxes = new FakeBoxes();
  clock = createFakeClock();
  fate = () => 'deliver';
  bus = createFaultyBus(createInProcessBus(), () => fate());
  pusher = createUpdatePusher({ source: boxes, channels: NO_CHANNELS, bus, clock, log: silentLogger, metrics: createMetrics() });
  [phone, tablet] = [new FakeSession(USER, 100n), new FakeSession(USER, 101n)];
  await pusher.attach(phone);
  await pusher.attach(tablet);
});
afterEach(() => pusher[Symbol.asyncDispose]());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await clock.advance(0);
};

/** Appends an event to the log of a device and publishes its hint. @param isShort whether the hint carries the event */
function happen(session: FakeSession, id: number, isShort = true): DeviceEvent {
  const event = boxes.appendToLog(session.authKeyId, id);
  const hint: DeviceHint = { kind: 'device', owner: USER, authKeyId: session.authKeyId, seq: event.seq, events: isShort ? [event] : [] };
  bus.publish(userTopic(USER), hint);
  return event;
}

describe('the log of a device', () => {
  test('is pushed to its session alone, without a read', async () => {
    happen(phone, 1);
    happen(phone, 2);
    await settle();
    expect([phone.ids, tablet.ids, boxes.reads]).toEqual([[1, 2], [], 0]);
  });

  test('is read when an event is too long for its hint', async () => {
    happen(phone, 1, false);
    happen(phone, 2);
    await settle();
    expect([phone.ids, tablet.ids]).toEqual([[1, 2], []]);
    expect(boxes.reads).toBeGreaterThan(0);
  });

  test('is read by the next repair when hints are lost', async () => {
    fate = () => 'drop';
    happen(phone, 1);
    await settle();
    expect(phone.ids).toEqual([]);
    await pusher.repairAll();
    await settle();
    expect([phone.ids, tablet.ids]).toEqual([[1], []]);
  });

  test('is pushed once and in order, whatever becomes of its hints', async () => {
    const random = seededRandom('device-feed');
    const fates: readonly Fate[] = ['deliver', 'drop', 'duplicate'];
    fate = () => fates[random.uint31() % fates.length]!;
    for (let id = 1; id <= 200; id++) {
      happen(phone, id, random.uint31() % 5 > 0);
      if (id % 7 === 0) await settle();
      if (id % 50 === 0) await pusher.repairAll();
    }
    fate = () => 'deliver';
    await pusher.repairAll();
    await settle();
    expect(phone.ids).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
  });

  test('is pushed again from where a difference ended, because clients ignore pushes while they wait for one', async () => {
    for (const id of [1, 2, 3]) happen(phone, id);
    await settle();
    await pusher.answered(phone, [{ owner: USER, pts: 1, ptsCount: 1, looseSeq: 0, deviceSeq: 2 }]);
    await settle();
    expect(phone.ids).toEqual([1, 2, 3, 3]);
    await pusher.answered(phone, [{ owner: USER, pts: 1, ptsCount: 1, looseSeq: 0, deviceSeq: 3 }]);
    happen(phone, 4);
    await settle();
    expect(phone.ids).toEqual([1, 2, 3, 3, 4]);
  });

  test('has the session ask for the difference when it lacks much', async () => {
    fate = () => 'drop';
    for (let id = 1; id <= 150; id++) happen(phone, id);
    await pusher.repairAll();
    await settle();
    expect([phone.ids, phone.kinds]).toEqual([[], ['updatesTooLong']]);
    fate = () => 'deliver';
    happen(phone, 151);
    await settle();
    expect(phone.ids).toEqual([151]);
  });

  test('shows what is stored nowhere to that device alone', async () => {
    const update = boxes.appendToLog(5n, 9).update;
    bus.publish(userTopic(USER), { kind: 'device', owner: USER, authKeyId: tablet.authKeyId, seq: 0, events: [], transient: update } satisfies DeviceHint);
    await settle();
    expect([phone.ids, tablet.ids]).toEqual([[], [9]]);
  });

  test('is not pushed to a session that is gone', async () => {
    pusher.detach(phone);
    happen(phone, 1);
    await settle();
    expect(phone.ids).toEqual([]);
  });
});
