import { expect, test } from 'vitest';

import { createSendNames } from '../src/messages/send-names.ts';
import { createKeyedMac } from '../src/shared/keyed-mac.ts';

const namesBy = (byte: number) => createSendNames(createKeyedMac(new Map([[0, Buffer.alloc(32, byte)]]), 16));

test('a send has the same name each time, and another with another key, sender or random id', () => {
  const names = namesBy(1);
  const all = [names.of(9n, 5n), namesBy(2).of(9n, 5n), names.of(17n, 5n), names.of(9n, -5n)];
  expect(names.of(9n, 5n)).toBe(all[0]);
  expect(new Set(all).size).toBe(4);
  for (const name of all) expect(name > 0n && name < 1n << 63n).toBe(true);
});
