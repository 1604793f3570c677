import { authTopic, createInProcessBus } from '@aerogram/bus';
import { createFaultyBus } from '@aerogram/bus/testing';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LiveSession } from '../src/live-session.ts';
import type { GatewaySession } from '../src/sessions/gateway-session.ts';
import { Receivers } from '../src/sessions/receivers.ts';

const PERM = 1n;
const USER = 5n;
const clock = createFakeClock();
const bus = createFaultyBus(createInProcessBus(), () => 'deliver');

/** The receivers of one process, and what they tell their pusher. */
function startProcess(process: string): { receivers: Receivers; attached: Set<LiveSession> } {
  const attached = new Set<LiveSession>();
  const pusher = {
    async attach(session: LiveSession) {
      attached.add(session);
      await Promise.resolve();
    },
    detach: (session: LiveSession) => void attached.delete(session),
    answered: () => undefined,
    repairAll: () => Promise.resolve(),
  };
  const callers = { findKeyState: () => Promise.resolve({ userId: USER, layer: 228, revoked: false }) };
  return { receivers: new Receivers({ pusher, callers, bus, clock, log: silentLogger, shared: { process } }), attached };
}

/** A session of the authorisation, with only the fields that receivers use. */
function openSession(receivers: Receivers): GatewaySession {
  const session = { authorization: receivers.authorizationOf(PERM), entry: {}, ended: false, purpose: 'unknown', calledAt: 0, connected: true };
  receivers.add(session as unknown as GatewaySession);
  return session as unknown as GatewaySession;
}

async function callFrom(receivers: Receivers, session: GatewaySession, method = 'messages.getDialogs'): Promise<void> {
  const caller = { permAuthKeyId: PERM, userId: USER, layer: 228 };
  await receivers.called(session, { method, error: undefined, withoutUpdates: false, caller }, receivers.snapshot(session));
  await clock.advance(0);
}

describe('sessions of one authorisation in several processes', () => {
  let a: ReturnType<typeof startProcess>;
  let b: ReturnType<typeof startProcess>;
  beforeEach(() => {
    a = startProcess('a');
    b = startProcess('b');
    return () => {
      a.receivers[Symbol.dispose]();
      b.receivers[Symbol.dispose]();
    };
  });
  const receiving = (): number[] => [a.attached.size, b.attached.size];

  test('the one that called last gets the updates, also within the same millisecond', async () => {
    const [inA, inB] = [openSession(a.receivers), openSession(b.receivers)];
    await callFrom(a.receivers, inA);
    expect(receiving()).toEqual([1, 0]);
    await callFrom(b.receivers, inB);
    expect(receiving()).toEqual([0, 1]);
    await callFrom(a.receivers, inA);
    expect(receiving()).toEqual([1, 0]);
    await callFrom(b.receivers, inB, 'help.getConfig');
    expect(receiving()).toEqual([1, 0]);
  });

  test('when it ends, the other one gets the updates again', async () => {
    const [inA, inB] = [openSession(a.receivers), openSession(b.receivers)];
    await callFrom(a.receivers, inA);
    await callFrom(b.receivers, inB);
    b.receivers.remove(inB);
    await clock.advance(0);
    expect(receiving()).toEqual([1, 0]);
  });

  test('when hints were lost, as after a killed process, one of the remaining sessions gets the updates', async () => {
    const [inA, inB] = [openSession(a.receivers), openSession(b.receivers)];
    await callFrom(a.receivers, inA);
    await callFrom(b.receivers, inB);
    b.attached.clear();
    b.receivers[Symbol.dispose]();
    bus.reconnect();
    await clock.advance(0);
    expect(a.attached.size).toBe(1);
  });
});

describe('a hint that the authorisation has changed', () => {
  /** The state of the key, which each read gets when the test releases it. */
  let state: { userId: bigint; layer: number; revoked: boolean };
  let release: () => void;
  let attach: Promise<void>;
  const attached = new Map<LiveSession, bigint | undefined>();
  const findKeyState = async (): Promise<typeof state> => {
    await new Promise<void>((resolve) => (release = resolve));
    return state;
  };
  const pusher = {
    attach: (session: LiveSession) => {
      attached.set(session, (session as GatewaySession).authorization.userId);
      return attach;
    },
    detach: (session: LiveSession) => void attached.delete(session),
    answered: () => undefined,
    repairAll: () => Promise.resolve(),
  };
  let receivers: Receivers;
  const hint = (): void => bus.publish(authTopic(PERM), { reason: 'changed' });
  /** Lets everything go on for so many turns of the queue of microtasks. */
  const pass = async (turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  };

  beforeEach(() => {
    attached.clear();
    [state, attach] = [{ userId: USER, layer: 228, revoked: false }, Promise.resolve()];
    receivers = new Receivers({ pusher, callers: { findKeyState }, bus, clock, log: silentLogger });
    return () => receivers[Symbol.dispose]();
  });

  test.each(Array.from({ length: 8 }, (_, turns) => turns))('does not keep the updates from a session whose call ends %i turns after the state was read', async (turns) => {
    await callFrom(receivers, openSession(receivers));
    const next = openSession(receivers);
    const before = receivers.snapshot(next);
    hint();
    await pass(5);
    release();
    await pass(turns);
    const caller = { permAuthKeyId: PERM, userId: USER, layer: 228 };
    const ready = receivers.called(next, { method: 'updates.getState', error: undefined, withoutUpdates: false, caller }, before);
    await pass(5);
    release();
    await ready;
    expect([...attached.keys()]).toEqual([next]);
  });

  test.each(Array.from({ length: 8 }, (_, turns) => turns))('is not missed %i turns after the state was read for an earlier one', async (turns) => {
    const session = openSession(receivers);
    await callFrom(receivers, session);
    state = { ...state, userId: 6n };
    let ready: () => void = () => {};
    attach = new Promise((resolve) => (ready = resolve));
    hint();
    await pass(5);
    release();
    await pass(turns);
    state = { ...state, userId: 7n };
    hint();
    ready();
    for (let n = 0; n < 3; n++) {
      await pass(20);
      release();
    }
    await pass(20);
    expect([...attached]).toEqual([[session, 7n]]);
  });
});
