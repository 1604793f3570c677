import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountState, verifyUpdates } from '@aerogram/dev-env';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('catching up', () => {
  test('the difference contains everything that happened while a device was offline', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const early = await alice.send(bob, 'early');
    await bob.sees('early');
    await bob.main.goOffline();
    await alice.edit(early, 'early, edited');
    const doomed = await alice.send(bob, 'doomed');
    await alice.send(bob, 'late');
    await alice.delete([doomed]);
    await bob.main.goOnline();
    await bob.main.catchUp();
    expect(bob.main.find('early, edited')).toBeDefined();
    expect(bob.main.find('late')).toBeDefined();
    expect(bob.main.find('doomed')).toBeUndefined();
    await verifyUpdates([alice, bob], async () => {
      await alice.send(bob, 'and on');
      await bob.sees('and on');
    });
  });

  test('rule P15: however far behind, the answer comes in slices, never differenceTooLong', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.send(bob, 'start');
    await bob.sees('start');
    const old = bob.main.state.clone();
    for (let round = 0; round < 25; round++) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => alice.send(bob, `m ${round}.${i}`)));
    }
    await bob.sees('m 24.49');
    await bob.main.waitUntil('all', () => !bob.main.state.hasHole && bob.main.state.messages.size >= 1250);
    const slices = await bob.main.catchUp(old);
    expect(slices).toBeGreaterThan(1);
    expect(old.describe()).toEqual(bob.main.state.describe());
  });

  test('rule P15: differenceTooLong only if pts_total_limit is set and exceeded', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    for (let i = 0; i < 12; i++) await alice.send(bob, `m ${i}`);
    await bob.sees('m 11');
    const { date } = await bob.main.call({ _: 'updates.getState' });
    const over = await bob.main.call({ _: 'updates.getDifference', pts: 1, qts: 0, date, ptsTotalLimit: 5 });
    expect(over).toMatchObject({ _: 'updates.differenceTooLong', pts: bob.main.state.pts });
    const under = await bob.main.call({ _: 'updates.getDifference', pts: 1, qts: 0, date, ptsTotalLimit: 5000 });
    expect(['updates.difference', 'updates.differenceSlice']).toContain(under._);
  });

  test('pts_limit makes slices of that size, each with the pts of its last row', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    for (let i = 0; i < 10; i++) await alice.send(bob, `m ${i}`);
    const last = await bob.sees('m 9');
    await bob.read(last);
    const state = new AccountState(bob.id);
    state.pts = 1;
    const slices = await bob.main.catchUp(state, { ptsLimit: 3 });
    expect(slices).toBeGreaterThanOrEqual(4);
    expect(state.pts).toBe(bob.main.state.pts);
    expect(state.box.describe()).toEqual(bob.main.state.box.describe());
  });

  test('rule P16: a client confirms its state with pts_limit 1, a far date and qts −1', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    await alice.send(bob, 'hello');
    await bob.sees('hello');
    const { pts } = bob.main.state;
    const answer = await bob.main.call({ _: 'updates.getDifference', pts, ptsLimit: 1, date: 2 ** 31 - 1, qts: -1, qtsLimit: 1 });
    expect(answer._).toBe('updates.differenceEmpty');
    if (answer._ !== 'updates.differenceEmpty') return;
    expect(answer.seq).toBe(0);
    expect(Math.abs(answer.date - Date.now() / 1000)).toBeLessThan(60);
    const behind = await bob.main.call({ _: 'updates.getDifference', pts: pts - 1, ptsLimit: 1, date: 2 ** 31 - 1, qts: -1, qtsLimit: 1 });
    expect(behind._).toMatch(/^updates\.difference(Slice)?$/);
  });

  test('rule P3: a new account starts at pts 1 and its first event is pts 2, pts_count 1', async () => {
    const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
    const state = await bob.main.call({ _: 'updates.getState' });
    expect(state).toMatchObject({ pts: 1, seq: 0 });
    await alice.send(bob, 'first');
    await bob.sees('first');
    expect(bob.main.state.pushedPts).toEqual([2]);
    expect((await bob.main.call({ _: 'updates.getState' })).pts).toBe(2);
  });

  test('a pts from the future is answered with the real state', async () => {
    const alice = await scenario.world.user('Alice');
    const { date, pts } = await alice.main.call({ _: 'updates.getState' });
    const answer = await alice.main.call({ _: 'updates.getDifference', pts: pts + 1000, date, qts: 0 });
    expect(['updates.differenceEmpty', 'updates.difference']).toContain(answer._);
    expect(answer._ === 'updates.difference' ? answer.state.pts : pts).toBe(pts);
  });
});
