import { expect, test } from 'vitest';

import { createSendNames, NAME_MAC_BYTES, type UnsealedMessage } from '../src/messages/send-names.ts';
import { createKeyedMac } from '../src/shared/keyed-mac.ts';

const namesBy = (byte: number) => createSendNames(createKeyedMac(new Map([[0, Buffer.alloc(32, byte)]]), NAME_MAC_BYTES));

test('a send has the same name each time, and another with another key, sender or random id', () => {
  const names = namesBy(1);
  const all = [names.of(9n, 5n), namesBy(2).of(9n, 5n), names.of(17n, 5n), names.of(9n, -5n)];
  expect(names.of(9n, 5n)).toBe(all[0]);
  expect(new Set(all).size).toBe(4);
  for (const name of all) expect(name > 0n && name < 1n << 63n).toBe(true);
});

test('a sealed message is known again, also under another number, but not with another content', () => {
  const names = namesBy(1);
  const message: UnsealedMessage = { kind: 'message', from: 9n, to: 18n, globalId: names.of(9n, 5n), msgId: 3, randomId: 5n, date: 1_700_000_000, flags: 0, text: 'hi', extra: Buffer.from('x'), answered: undefined };
  const sealed = names.seal(message);
  expect(names.isOwn({ ...sealed, msgId: 4 })).toBe(true);
  expect(namesBy(2).isOwn(sealed)).toBe(false);
  for (const changes of [{ text: 'ho' }, { text: 'hix', extra: undefined }, { date: 1 }, { flags: 2 }, { answered: 7n }, { to: 26n }, { extra: undefined }, { randomId: 6n }]) expect(names.isOwn({ ...sealed, ...changes })).toBe(false);
});
