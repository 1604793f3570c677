import type { CheckOutcome, CompanyChecks } from '@aerogram/domain';
import { createFakeClock, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { CheckRounds } from '../src/company/check-rounds.ts';

/** Rounds over a hundred people, and how many of them are asked about in each. */
function makeRounds() {
  const clock = createFakeClock();
  const stage = { outcome: 'valid' as CheckOutcome, holds: true, asked: 0, atOnce: 0 };
  let running = 0;
  const checks = {
    listDue: (_issuer: string, limit: number) => Promise.resolve(Array.from({ length: limit }, (_, at) => BigInt(at))),
    async doCheck() {
      stage.asked++;
      running++;
      stage.atOnce = Math.max(stage.atOnce, running);
      await Promise.resolve();
      running--;
      return stage.outcome;
    },
  } as unknown as CompanyChecks;
  const provider = { issuer: () => Promise.resolve('https://id.example.org'), refresh: () => Promise.resolve({ kind: 'revoked' as const }) };
  const rounds = new CheckRounds({ checks, provider, holds: () => stage.holds, clock, log: silentLogger });
  const round = async (): Promise<number> => {
    stage.asked = 0;
    await clock.advance(15_000);
    await new Promise((resolve) => setImmediate(resolve));
    return stage.asked;
  };
  return { rounds, stage, round };
}

test('one process asks about all who are due, a few at once', async () => {
  const { rounds, stage, round } = makeRounds();
  expect([await round(), stage.atOnce]).toEqual([100, 5]);
  stage.holds = false;
  expect(await round()).toBe(0);
  await rounds[Symbol.asyncDispose]();
  stage.holds = true;
  expect(await round()).toBe(0);
});

test('a provider that is away is asked about few people, and more and more seldom, until it answers', async () => {
  const { rounds, stage, round } = makeRounds();
  stage.outcome = 'unknown';
  const first = await round();
  expect(first).toBeLessThanOrEqual(8);
  const asked = [];
  for (let n = 0; n < 80; n++) asked.push(await round());
  const times = asked.flatMap((count, at) => (count === 0 ? [] : [at]));
  expect(asked.filter((count) => count > 1)).toEqual([]);
  expect(times).toEqual([0, 2, 6, 14, 30, 50, 70]);
  stage.outcome = 'valid';
  const after = [];
  for (let n = 0; n < 20; n++) after.push(await round());
  expect(after.filter((count) => count > 0).at(-1)).toBe(100);
  await rounds[Symbol.asyncDispose]();
});
