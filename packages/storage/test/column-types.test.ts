import { expect, test } from 'vitest';
import { parserOf } from '../src/database/column-types.ts';

const INT8_ARRAY = 1016;

test.each([
  ['{}', []],
  ['{7}', [7n]],
  ['{0,1099511627775,-3}', [0n, 1_099_511_627_775n, -3n]],
  ['{999999999999999,1000000000000000,9223372036854775807,5}', [999_999_999_999_999n, 1_000_000_000_000_000n, 2n ** 63n - 1n, 5n]],
  ['{-9223372036854775808,-1}', [-(2n ** 63n), -1n]],
])('the bigint array %s is parsed', (text, items) => {
  expect(parserOf(INT8_ARRAY)(text)).toEqual(items);
});
