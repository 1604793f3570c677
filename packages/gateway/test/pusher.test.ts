import { createInProcessBus, userTopic } from '@aerogram/bus';
import { createFaultyBus, type Fate, type FaultyBus } from '@aerogram/bus/testing';
import type { BoxEvent, BoxHint, Origin } from '@aerogram/domain';
import { createFakeClock, createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import type { FakeClock, Metrics } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createUpdatePusher } from '../src/updates/pusher.ts';
import { FakeBoxes, FakeSession, NO_CHANNELS } from './fake-boxes.ts';

const SEED = 'pusher';

let boxes: FakeBoxes;
let clock: FakeClock;
let bus: FaultyBus;
let pusher: ReturnType<typeof createUpdatePusher>;
let metrics: Metrics;
let fate: (hint: unknown) => Fate;

beforeEach(() => {
  boxes = new FakeBoxes();
  clock = createFakeClock();
  fate = () => 'deliver';
  bus = createFaultyBus(createInProcessBus(), (_topic, hint) => fate(hint));
  metrics = createMetrics();
  pusher = createUpdatePusher({ source: boxes, channels: NO_CHANNELS, bus, clock, log: silentLogger, metrics });
});
afterEach(async () => {
  await pusher[Symbol.asyncDispose]();
});

/** Adds one event to a box and publishes its hint. */
function happen(owner: bigint, origin?: Origin, event = boxes.append(owner)): BoxEvent {
  const hint: BoxHint = { kind: 'box', owner, pts: event.pts, ptsCount: event.ptsCount, looseCount: 1 - event.ptsCount, origin, events: [event] };
  bus.publish(userTopic(owner), hint);
  return event;
}

/** Adds an event that the session caused, with its answer. */
async function answer(session: FakeSession, event: BoxEvent): Promise<void> {
  await pusher.answered(session, [{ owner: session.userId, pts: event.pts, ptsCount: 1 }]);
  session.got.push(event.pts);
}

const isAscending = (values: readonly number[]): boolean => values.every((value, index) => index === 0 || value > values[index - 1]!);
const settle = (): Promise<void> => clock.advance(0);

async function online(userId: bigint, id: bigint): Promise<FakeSession> {
  const session = new FakeSession(userId, id);
  await pusher.attach(session);
  return session;
}

describe('pushes', () => {
  test('go to every session of the owner except the one that caused the event', async () => {
    const [phone, desktop] = [await online(1n, 100n), await online(1n, 101n)];
    await answer(phone, happen(1n, phone.origin));
    happen(1n);
    await settle();
    expect(phone.got).toEqual([2, 3]);
    expect(phone.kinds).toEqual(['updates']);
    expect(desktop.got).toEqual([2, 3]);
    expect(boxes.reads).toBe(0);
  });

  test('of new messages are measured from their commit, for each session that gets them', async () => {
    const [phone, desktop] = [await online(1n, 100n), await online(1n, 101n)];
    const message = (committedMs: number | undefined): BoxEvent => ({ ...boxes.append(1n), kind: 'new_message', committedMs }) as BoxEvent;
    happen(1n, phone.origin, message(clock.nowMs() - 300));
    happen(1n, desktop.origin, message(clock.nowMs() + 50));
    // Read from the database, and no message.
    happen(1n, undefined, message(undefined));
    happen(1n);
    await settle();
    const page = await metrics.render();
    expect(desktop.got).toEqual([2]);
    expect(page).toMatch(/^aerogram_message_delivery_seconds_count 1$/m);
    expect(page).toMatch(/^aerogram_message_delivery_seconds_sum 0\.3$/m);
    // By a clock that is behind the one of the sender, the second one took no time.
    await answer(phone, boxes.events.get(1n)![0]!);
    await settle();
    expect(phone.got).toEqual([2, 3, 4, 5]);
    const later = await metrics.render();
    expect(later).toMatch(/^aerogram_message_delivery_seconds_count 2$/m);
    expect(later).toMatch(/^aerogram_message_delivery_seconds_sum 0\.3$/m);
  });

  test('wait for the answer that comes before them', async () => {
    const phone = await online(1n, 100n);
    const own = happen(1n, phone.origin);
    happen(1n);
    await settle();
    expect(phone.got).toEqual([]);
    await answer(phone, own);
    await settle();
    expect(phone.got).toEqual([2, 3]);
  });

  test('are sent before the answer that comes after them', async () => {
    const phone = await online(1n, 100n);
    happen(1n);
    const own = happen(1n, phone.origin);
    happen(1n);
    // Hints arrive while projections are still running.
    await Promise.resolve();
    await answer(phone, own);
    await settle();
    expect(phone.got).toEqual([2, 3, 4]);
  });

  test('are fetched from the database before an answer that follows a lost hint', async () => {
    const phone = await online(1n, 100n);
    fate = () => 'drop';
    happen(1n);
    fate = () => 'deliver';
    await answer(phone, happen(1n, phone.origin));
    await settle();
    expect(phone.got[0]).toBe(2);
    expect(new Set(phone.got)).toEqual(new Set([2, 3]));
  });

  test('start where the counters were when the session was attached, whatever arrived meanwhile', async () => {
    happen(1n);
    const attaching = online(1n, 100n);
    happen(1n);
    const phone = await attaching;
    happen(1n);
    await settle();
    expect(isAscending(phone.got)).toBe(true);
    expect(phone.got.at(-1)).toBe(4);
  });

  test('end when the pusher is disposed, which leaves no timer', async () => {
    const phone = await online(1n, 100n);
    await pusher[Symbol.asyncDispose]();
    happen(1n);
    await settle();
    expect(phone.got).toEqual([]);
    expect(clock.pendingTimers()).toBe(0);
  });

  test('include what happened between a session’s first answer and its attaching', async () => {
    const { pts } = happen(1n);
    happen(1n);
    const phone = await online(1n, 100n);
    await pusher.answered(phone, [{ owner: 1n, pts, ptsCount: 0 }]);
    await settle();
    expect(phone.got).toEqual([3]);
  });

  test('stop after detach', async () => {
    const phone = await online(1n, 100n);
    happen(1n);
    pusher.detach(phone);
    await settle();
    happen(1n);
    await settle();
    expect(phone.got).toEqual([]);
  });

  test('of updates that are not stored have no pts', async () => {
    const phone = await online(1n, 100n);
    bus.publish(userTopic(1n), { kind: 'transient', owner: 1n, update: { _: 'updateConfig' } });
    await settle();
    expect(phone.kinds).toEqual(['updates']);
    expect(phone.got).toEqual([]);
  });
});

test('what all are told reaches every session that receives updates, and no other', async () => {
  const sessions = [await online(1n, 100n), await online(1n, 101n), await online(2n, 102n)];
  const gone = await online(3n, 103n);
  pusher.detach(gone);
  pusher.tellAll({ _: 'updateConfig' });
  await settle();
  expect(sessions.map(({ kinds }) => kinds)).toEqual([['updates'], ['updates'], ['updates']]);
  expect(gone.kinds).toEqual([]);
});

describe('repair', () => {
  const run = async (policy: (hint: unknown) => Fate): Promise<FakeSession[]> => {
    const sessions = await Promise.all(Array.from({ length: 12 }, (_, index) => online(BigInt(1 + (index % 6)), BigInt(100 + index))));
    const random = seededRandom(SEED);
    fate = policy;
    for (let round = 0; round < 300; round++) {
      const session = sessions[random.uint31() % sessions.length]!;
      if (random.uint31() % 3 === 0) await answer(session, happen(session.userId, session.origin));
      else happen(BigInt(1 + (random.uint31() % 6)));
      if (random.uint31() % 7 === 0) await settle();
      if (random.uint31() % 11 === 0) bus.release((held) => held.toSorted(() => (random.uint31() % 2 === 0 ? 1 : -1)));
    }
    await clock.advance(2000);
    await settle();
    return sessions;
  };

  const expectConverged = (sessions: readonly FakeSession[]): void => {
    for (const session of sessions) {
      const wanted = boxes.events.get(session.userId)!.map((event) => event.pts);
      expect([...new Set(session.got)].toSorted((a, b) => a - b)).toEqual(wanted);
    }
  };

  test(`one round brings everything, in order, when all hints are lost (seed ${SEED})`, async () => {
    const sessions = await run(() => 'drop');
    expectConverged(sessions);
  });

  test(`or a tenth is lost, a tenth doubled and a tenth comes late and mixed (seed ${SEED})`, async () => {
    const random = seededRandom(`${SEED} fates`);
    const sessions = await run(() => (['drop', 'duplicate', 'hold'] as const)[random.uint31() % 10] ?? 'deliver');
    expectConverged(sessions);
    for (const session of sessions) {
      // An own event may arrive again, by a difference, before its answer; but nothing arrives too early.
      expect(isAscending([...new Set(session.got)])).toBe(true);
    }
  });

  test(`brings updates without pts, in their order, whatever became of their hints (seed ${SEED})`, async () => {
    const sessions = [await online(1n, 100n), await online(1n, 101n)];
    const random = seededRandom(`${SEED} loose`);
    fate = () => (['drop', 'duplicate', 'hold'] as const)[random.uint31() % 6] ?? 'deliver';
    for (let id = 1; id <= 200; id++) {
      happen(1n, undefined, boxes.appendLoose(1n, id));
      if (random.uint31() % 3 === 0) happen(1n);
      if (random.uint31() % 5 === 0) await settle();
      if (random.uint31() % 11 === 0) bus.release((held) => held.toReversed());
    }
    await clock.advance(2000);
    await settle();
    const all = Array.from({ length: 200 }, (_, index) => index + 1);
    for (const session of sessions) expect(session.ids).toEqual(all);
  });

  test('pushes an update without pts in a quiet box, and to nobody twice', async () => {
    const phone = await online(1n, 100n);
    fate = () => 'drop';
    happen(1n, undefined, boxes.appendLoose(1n, 7));
    await clock.advance(2000);
    await settle();
    expect(phone.ids).toEqual([7]);
    await clock.advance(4000);
    expect(phone.ids).toEqual([7]);
    expect(boxes.reads).toBe(1);
  });

  test('retries a failed projection of an update without pts', async () => {
    const phone = await online(1n, 100n);
    boxes.failures = 1;
    happen(1n, undefined, boxes.appendLoose(1n, 7));
    await settle();
    await clock.advance(2000);
    await settle();
    expect(phone.ids).toEqual([7]);
  });

  test('reads once per owner for all its sessions', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, index) => online(1n, BigInt(100 + index))));
    fate = () => 'drop';
    for (let index = 0; index < 10; index++) happen(1n);
    await clock.advance(2000);
    expect(boxes.reads).toBe(1);
  });

  test('retries a failed projection', async () => {
    const phone = await online(1n, 100n);
    boxes.failures = 1;
    happen(1n);
    happen(1n);
    await settle();
    await clock.advance(2000);
    await settle();
    expect(phone.got).toEqual([2, 3]);
  });

  test('pushes again what failed before an answer that came while the projection was still running', async () => {
    const phone = await online(1n, 100n);
    boxes.failures = 1;
    const lost = happen(1n);
    const own = happen(1n, phone.origin);
    // The hints have arrived, and the projection of the first event fails only after the answer was recorded.
    await Promise.resolve();
    await pusher.answered(phone, [{ owner: 1n, pts: own.pts, ptsCount: 1 }]);
    await settle();
    expect(phone.got).toEqual([]);
    await pusher.repairAll();
    await settle();
    expect(phone.got).toContain(lost.pts);
  });

  test('does not retry for ever what cannot be encoded', async () => {
    const phone = await online(1n, 100n);
    const bad: tl.Update = { _: 'updateReadHistoryOutbox', peer: { _: 'peerUser', user_id: 5n }, max_id: 2 ** 40, pts: 2, pts_count: 1 };
    boxes.events.set(1n, [{ kind: 'update', pts: 2, ptsCount: 1, date: 0, update: bad, looseSeq: 0 }]);
    await clock.advance(2000);
    await clock.advance(2000);
    expect(phone.kinds).toEqual(['updatesTooLong']);
    expect(boxes.reads).toBe(1);
  });

  test('only reads boxes that moved and boxes that may lack something', async () => {
    const [alice, bob] = [await online(1n, 100n), await online(2n, 101n)];
    await clock.advance(2000);
    expect(boxes.lastMoved).toBe(2);
    happen(1n);
    await clock.advance(2000);
    expect(boxes.lastMoved).toBe(1);
    await clock.advance(2000);
    expect(boxes.lastMoved).toBe(0);
    boxes.failures = 1;
    happen(1n);
    await clock.advance(2000);
    await clock.advance(2000);
    expect(alice.got).toEqual([2, 3]);
    expect(boxes.lastMoved).toBe(1);
    pusher.detach(alice);
    fate = () => 'drop';
    happen(2n);
    await clock.advance(2000);
    await settle();
    expect(bob.got).toEqual([2]);
    await clock.advance(2000);
    expect(boxes.lastMoved).toBe(1);
    await clock.advance(2000);
    expect(boxes.lastMoved).toBe(0);
  });

  test.each(Array.from({ length: 24 }, (_, at) => at))('needs no second pass when an old difference is answered while a box is read (%i microtasks in)', async (microtasks) => {
    const [phone, desktop] = [await online(1n, 100n), await online(1n, 101n)];
    happen(1n);
    const known = happen(1n);
    happen(1n);
    happen(1n);
    await settle();
    fate = () => 'drop';
    happen(1n);
    fate = () => 'deliver';
    happen(1n);
    if (microtasks >= 12) await new Promise((resolve) => setImmediate(resolve));
    for (let left = microtasks % 12; left > 0; left--) await Promise.resolve();
    phone.got.length = 0;
    await pusher.answered(phone, [{ owner: 1n, pts: known.pts, ptsCount: known.pts, looseSeq: 0 }]);
    await settle();
    await settle();
    expect(new Set(phone.got)).toEqual(new Set([4, 5, 6, 7]));
    expect(new Set(desktop.got)).toEqual(new Set([2, 3, 4, 5, 6, 7]));
  });

  test('continues if a pending answer never comes', async () => {
    const phone = await online(1n, 100n);
    await clock.advance(1000);
    happen(1n, phone.origin);
    await clock.advance(1000);
    expect(phone.got).toEqual([]);
    await clock.advance(2000);
    await settle();
    expect(phone.got).toEqual([2]);
  });

  test('runs after a reconnect of the bus', async () => {
    const phone = await online(1n, 100n);
    fate = () => 'drop';
    happen(1n);
    bus.reconnect();
    await settle();
    expect(phone.got).toEqual([2]);
  });

  test('tells a session that is too far behind to fetch the difference', async () => {
    const phone = await online(1n, 100n);
    fate = () => 'drop';
    for (let index = 0; index < 1500; index++) happen(1n);
    await clock.advance(2000);
    await settle();
    expect(phone.kinds).toEqual(['updatesTooLong']);
    fate = () => 'deliver';
    const event = happen(1n);
    await settle();
    expect(phone.got).toEqual([event.pts]);
  });
});
