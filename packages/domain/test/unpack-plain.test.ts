import { expect, test } from 'vitest';
import { z } from 'zod';
import { packPlain, unpackPlain } from '../src/effects/index.ts';

test('a body of another data centre that is nested deeply, or has too many values, is refused before it is parsed', () => {
  const schema = z.array(z.unknown());
  const bodyOf = (text: string): Uint8Array => Buffer.from(text);
  // These are no JSON either, so another error would say that they were parsed.
  expect(() => unpackPlain(schema, bodyOf('['.repeat(100_000)))).toThrow('too deep');
  expect(() => unpackPlain(schema, bodyOf(`[${'{},'.repeat(100_000)}`))).toThrow('too large');
  const ids = Array.from({ length: 50_000 }, (_, at) => BigInt(at));
  expect(() => unpackPlain(schema, packPlain(ids))).toThrow('too large');
  expect(unpackPlain(schema, packPlain(ids), 80_000)).toHaveLength(50_000);
});
