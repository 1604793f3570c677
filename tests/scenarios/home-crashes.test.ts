import { expect, test } from 'vitest';
import { runHomeCrashes } from '../crash/home-crashes.ts';

test('what people of two homes have written is there once and in order, whichever is killed', async () => {
  const { sent } = await runHomeCrashes({ kills: 4, seed: 45 });
  expect(sent).toBeGreaterThan(100);
}, 300_000);
