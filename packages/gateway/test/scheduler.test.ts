import { describe, expect, test } from 'vitest';
import { CpuBudget, WorkClock } from '../src/cpu-budget.ts';
import { Scheduler } from '../src/scheduler.ts';
import { call, openStage } from './gateway-stage.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

function spin(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('deferred work', () => {
  test('runs a few milliseconds at a time, and no connection runs twice before all have run once', async () => {
    using scheduler = new Scheduler();
    const done: string[] = [];
    const work = (name: string, left: number): void => {
      done.push(name);
      spin(3);
      if (left > 0) scheduler.defer(() => work(name, left - 1));
    };
    for (const name of ['a', 'b', 'c', 'd', 'e']) scheduler.defer(() => work(name, 1));
    await nextTurn();
    expect(done.length).toBeLessThan(5);
    while (done.length < 10) await nextTurn();
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'a', 'b', 'c', 'd', 'e']);
  });

  test('runs first for the connection that has used least, and waits for its debt where asked', async () => {
    using scheduler = new Scheduler();
    const [little, much] = [new CpuBudget(), new CpuBudget()];
    // Another connection is active all the time; alone, nothing would wait.
    const others = setInterval(() => scheduler.recordArrival(), 1);
    little.chargeBytes(3 * 1024 * 1024);
    much.chargeBytes(5 * 1024 * 1024);
    const done: string[] = [];
    const last = new Promise<void>((resolve) => {
      scheduler.deferUntilPaid(() => resolve(void done.push('paid', String(much.paidInMs === 0))), much);
      scheduler.defer(() => void done.push('much'), much);
      scheduler.defer(() => void done.push('little'), little);
    });
    scheduler.recordArrival();
    await last;
    clearInterval(others);
    expect(done).toEqual(['little', 'much', 'paid', 'true']);
  });

  test('is shared out by account: eight connections of one get no more than the only one of another', async () => {
    using scheduler = new Scheduler();
    const budgets = { eight: new CpuBudget(), one: new CpuBudget() };
    // They owe so much that they stay over their budgets, also on a busy machine, where the test takes longer.
    for (const budget of Object.values(budgets)) budget.chargeBytes(40 * 1024 * 1024);
    const others = setInterval(() => scheduler.recordArrival(), 1);
    scheduler.recordArrival();
    const done = { eight: 0, one: 0 };
    await new Promise<void>((resolve) => {
      const work = (name: keyof typeof budgets): void => {
        budgets[name].begin();
        spin(1);
        budgets[name].end();
        done[name] += 1;
        if (done.eight + done.one < 100) scheduler.defer(() => work(name), budgets[name]);
        else resolve();
      };
      for (let i = 0; i < 8; i++) scheduler.defer(() => work('eight'), budgets.eight);
      scheduler.defer(() => work('one'), budgets.one);
    });
    clearInterval(others);
    // By turns of connections it would be eleven.
    expect(done.one).toBeGreaterThan(20);
  });

  test('is not delayed while no other connection is active', async () => {
    using scheduler = new Scheduler();
    const [budget, other] = [new CpuBudget(), new CpuBudget()];
    scheduler.recordArrival(budget);
    budget.chargeBytes(100 * 1024 * 1024);
    expect(scheduler.isOverBudget(budget)).toBe(false);
    await new Promise<void>((resolve) => scheduler.deferUntilPaid(resolve, budget));
    expect(budget.paidInMs).toBeGreaterThan(0);
    scheduler.recordArrival(other);
    scheduler.recordArrival(budget);
    expect(scheduler.isOverBudget(budget)).toBe(true);
  });

  test('calls that no correct client sends cost more than it takes to refuse them', () => {
    let nowMs = 1_000;
    const budget = new CpuBudget(new WorkClock(() => nowMs, () => nowMs));
    for (let i = 0; i < 50; i++) budget.chargePenalty();
    expect(budget.isSpent).toBe(true);
    expect(budget.paidInMs).toBeCloseTo(100);
    nowMs += 101;
    expect(budget.paidInMs).toBe(0);
    expect(budget.againInMs).toBe(Infinity);
    nowMs += 200;
    expect(budget.isSpent).toBe(false);
  });

  test('garbage collection while a connection works is not charged as a debt', () => {
    let nowMs = 1_000;
    const budget = new CpuBudget(new WorkClock(() => nowMs, () => nowMs));
    budget.begin();
    nowMs += 30;
    budget.end();
    expect(budget.isSpent).toBe(true);
    expect(budget.paidInMs).toBe(0);
    nowMs += budget.againInMs;
    expect(budget.isSpent).toBe(false);
  });

  test('a connection has a CPU budget, and earns more over time', () => {
    let nowMs = 1_000;
    const budget = new CpuBudget(new WorkClock(() => nowMs, () => nowMs));
    expect(budget.isSpent).toBe(false);
    budget.begin();
    nowMs += 12;
    expect(budget.hasTime).toBe(false);
    budget.end();
    expect(budget.isSpent).toBe(true);
    nowMs += 100;
    expect(budget.isSpent).toBe(false);
  });

  test('a connection does not pay for CPU time that other processes used', () => {
    let [nowMs, workedMs] = [1_000, 0];
    const budget = new CpuBudget(new WorkClock(() => nowMs, () => workedMs));
    expect(budget.isSpent).toBe(false);
    budget.begin();
    nowMs += 50;
    workedMs += 2;
    budget.end();
    expect(budget.isSpent).toBe(false);
  });
});

test('a container of costly calls delays no other connection', async () => {
  const stage = await openStage();
  const [heavy, light] = [await stage.connect(), await stage.connect()];
  await heavy.call(call(0));
  await light.call(call(0));
  stage.dispatcher.answers.set(1, () => {
    spin(3);
    return {};
  });
  heavy.send(Array.from({ length: 300 }, () => ({ body: call(1) })));
  await stage.dispatcher.heard(4);
  expect(await light.call(call(2))).toEqual(call(2));
  // All of them would have taken a second.
  expect(stage.dispatcher.calls.length).toBeLessThan(150);
});
