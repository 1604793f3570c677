import type { RawClient } from '@aerogram/mtproto/client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Accounts, GUESTS, nameAccount } from '../src/accounts.ts';
import { CpuBudget, WorkClock } from '../src/cpu-budget.ts';
import { Scheduler } from '../src/scheduler.ts';
import { openThreadTime } from '../src/thread-time.ts';
import { call, type GatewayStage, openStage } from './gateway-stage.ts';

function spin(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

describe('accounts', () => {
  test('are shared by all connections of a user, and take over what a connection used before', () => {
    const accounts = new Accounts();
    const own = new CpuBudget();
    own.chargeBytes(3 * 1024 * 1024);
    const first = accounts.join(5n, own);
    const second = accounts.join(5n);
    expect(second).toBe(first);
    expect(first.cpu.recentMs).toBeGreaterThan(25);
    expect(accounts.join(6n).cpu).not.toBe(first.cpu);
    expect([first.name, nameAccount(undefined)]).toEqual(['user5', GUESTS]);
  });

  test('are forgotten only once they have earned back what they used, so that a new connection is no new budget', () => {
    const accounts = new Accounts();
    const busy = accounts.join(5n);
    busy.cpu.chargeBytes(50 * 1024 * 1024);
    accounts.join(6n);
    accounts.leave(busy);
    accounts.sweep();
    expect(accounts.size).toBe(2);
    expect(accounts.join(5n)).toBe(busy);
    accounts.leave(accounts.join(7n));
    accounts.sweep();
    expect(accounts.size).toBe(2);
  });
});

describe('the time that is charged', () => {
  test('is that of the calling thread, also where the system does not tell it', () => {
    for (const clock of [openThreadTime(), openThreadTime('/nowhere')]) {
      const before = clock();
      spin(30);
      const used = clock() - before;
      // On a busy machine the thread may have waited most of the time.
      expect(used).toBeGreaterThan(0.5);
      expect(used).toBeLessThan(500);
    }
  });

  test('counts less the longer ago it was', () => {
    let nowMs = 1_000;
    const budget = new CpuBudget(new WorkClock(() => nowMs, () => nowMs));
    budget.begin();
    nowMs += 8;
    budget.end();
    expect(budget.recentMs).toBeCloseTo(8);
    nowMs += 1_000;
    expect(budget.recentMs).toBeCloseTo(4);
    expect(budget.isFresh).toBe(true);
  });
});

/** Connects a client that is logged in as a user. */
async function connectAs(stage: GatewayStage, userId: bigint): Promise<RawClient> {
  const clientKey = stage.addKey();
  stage.logIn(clientKey, userId);
  const client = await stage.connect({ clientKey });
  // The first call shows who is logged in, the second one belongs to the account.
  await client.call(call(0));
  await client.call(call(0));
  return client;
}

describe('the budget of a connection', () => {
  /** The budget that counts for the next call of a client. */
  async function budgetOf(client: RawClient): Promise<CpuBudget | undefined> {
    const asked = vi.spyOn(Scheduler.prototype, 'isOverBudget');
    onTestFinished(() => asked.mockRestore());
    asked.mockClear();
    await client.call(call(1));
    return asked.mock.lastCall?.[0];
  }

  test('is that of the account, whatever keys its connections use', async () => {
    const stage = await openStage();
    const [one, two, other] = [await connectAs(stage, 5n), await connectAs(stage, 5n), await connectAs(stage, 6n)];
    const shared = await budgetOf(one);
    expect(shared).toBeDefined();
    expect(await budgetOf(two)).toBe(shared);
    expect(await budgetOf(other)).not.toBe(shared);
    const again = await stage.connect({ clientKey: { key: one.session.key, salt: one.session.salt } });
    await again.call(call(0));
    expect(await budgetOf(again)).toBe(shared);
  });

  test('is its own while nobody is logged in', async () => {
    const stage = await openStage();
    const clientKey = stage.addKey();
    const [one, two] = [await stage.connect({ clientKey }), await stage.connect({ clientKey })];
    for (const client of [one, two]) await client.call(call(0));
    expect(await budgetOf(one)).not.toBe(await budgetOf(two));
    stage.logIn(clientKey, 5n);
    await one.call(call(0));
    expect(await budgetOf(one)).toBe(await budgetOf(two));
  });

  test('does not become that of an account whose packet was recorded and is sent again', async () => {
    const stage = await openStage();
    const victim = await connectAs(stage, 5n);
    const { packet } = victim.session.encrypt([{ body: call(1) }]);
    victim.sendPacket(packet);
    const theirs = await budgetOf(victim);
    const stranger = await stage.connect();
    await stranger.call(call(0));
    const own = await budgetOf(stranger);
    stranger.sendPacket(packet);
    expect(await budgetOf(stranger)).toBe(own);
    expect(own).not.toBe(theirs);
  });
});
