import { expect, test } from 'vitest';

import { describePhotos } from '../src/commands/describe-photos.ts';

test('the status says why photos are refused where sharp cannot be loaded', async () => {
  const lines: string[] = [];
  await describePhotos((line) => lines.push(line), () => Promise.resolve({ isThere: false, reason: 'Cannot find package' }));
  expect(lines).toEqual(['photos     REFUSED, because sharp cannot be loaded: Cannot find package']);
});
