import { createFakeClock } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { BUCKETS, bucketOf, jsonCodec } from '../src/index.ts';
import { Wakeup } from '../src/wakeup.ts';

test('buckets are distributed evenly over the ids of one DC, and negative owners have one too', () => {
  const counts = Array.from({ length: BUCKETS }, () => 0);
  for (let sequence = 1n; sequence <= 16_000n; sequence++) counts[bucketOf(sequence * 8n + 2n)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(50);
  expect(bucketOf(-1_000_000_000_005n)).toBeLessThan(BUCKETS);
  expect(bucketOf(17n)).toBe(bucketOf(17n));
});

test('JSON payloads keep bigints', () => {
  const codec = jsonCodec<{ id: bigint; list: bigint[]; text: string; none: null }>();
  const payload = { id: 2n ** 62n, list: [-1n, 0n], text: '{"$n":"1"}', none: null };
  expect(codec.decode(codec.encode(payload))).toEqual(payload);
});

test('a wake-up that comes before the sleep is not lost, and a wake-up ends the sleep early', async () => {
  const clock = createFakeClock();
  const wakeup = new Wakeup(clock);
  wakeup.wake();
  await wakeup.sleep(1000);
  const slept = wakeup.sleep(1000);
  wakeup.wake();
  await slept;
  expect(clock.pendingTimers()).toBe(0);
  let isOver = false;
  const over = wakeup.sleep(1000).then(() => {
    isOver = true;
  });
  await clock.advance(999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await over;
});
