import path from 'node:path';
import { expect, test } from 'vitest';
import { PartBusy, PartClaims, nothingToNote } from '../src/uploads/part-claims.ts';
import { createFixture } from './upload-fixture.ts';

test('calls of one process wait for each other only for a limited time, and those that give up let nobody else in', async () => {
  await using fixture = await createFixture();
  await using claims = new PartClaims(fixture.root, 50);
  const base = path.join(fixture.root, 'claim');
  let running = 0;
  let most = 0;
  const work = async (end: Promise<void>): Promise<{ result: string; isWhole: boolean }> => {
    most = Math.max(most, ++running);
    await end;
    running--;
    return { result: 'done', isWhole: true };
  };
  let endFirst!: () => void;
  const end = new Promise<void>((resolve) => {
    endFirst = resolve;
  });
  const first = claims.hold(base, () => work(end), nothingToNote);
  const others = await Promise.allSettled([1, 2, 3].map(() => claims.hold(base, () => work(Promise.resolve()), nothingToNote)));
  for (const other of others) expect(other).toMatchObject({ status: 'rejected', reason: expect.any(PartBusy) as unknown });
  // The turns of those that gave up are over, that of the first one is not.
  await expect(claims.hold(base, () => work(Promise.resolve()), nothingToNote)).rejects.toBeInstanceOf(PartBusy);
  const patient = new PartClaims(fixture.root);
  const last = patient.hold(base, () => work(Promise.resolve()), nothingToNote);
  endFirst();
  expect(await first).toBe('done');
  expect(await last).toBe('done');
  expect(most).toBe(1);
  await patient[Symbol.asyncDispose]();
});
